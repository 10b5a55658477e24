/** What can be configured. */
@NullMarked
package io.taskmanager.sample.settings;

import org.jspecify.annotations.NullMarked;
