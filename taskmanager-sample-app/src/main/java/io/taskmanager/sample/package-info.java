/** A photo catalogue: a service and a command line tool on two task managers. */
@NullMarked
package io.taskmanager.sample;

import org.jspecify.annotations.NullMarked;
