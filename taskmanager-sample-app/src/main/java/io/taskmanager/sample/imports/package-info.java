/** Importing whole folders. */
@NullMarked
package io.taskmanager.sample.imports;

import org.jspecify.annotations.NullMarked;
