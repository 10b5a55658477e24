/** What can be done with one photo. */
@NullMarked
package io.taskmanager.sample.photo;

import org.jspecify.annotations.NullMarked;
