/** The live page of the managers: the actuator endpoint {@code taskmanagerui}. */
@NullMarked
package io.taskmanager.spring.ui;

import org.jspecify.annotations.NullMarked;
