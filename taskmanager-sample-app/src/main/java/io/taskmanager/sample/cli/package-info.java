/** The command line. */
@NullMarked
package io.taskmanager.sample.cli;

import org.jspecify.annotations.NullMarked;
