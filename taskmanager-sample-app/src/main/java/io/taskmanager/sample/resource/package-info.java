/** What the two resource factories share. */
@NullMarked
package io.taskmanager.sample.resource;

import org.jspecify.annotations.NullMarked;
