/** Resources: each created once and destroyed once. */
@NullMarked
package io.taskmanager.engine.resource;

import org.jspecify.annotations.NullMarked;
