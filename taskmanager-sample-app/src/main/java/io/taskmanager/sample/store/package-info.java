/** The data folder: originals and thumbnails. */
@NullMarked
package io.taskmanager.sample.store;

import org.jspecify.annotations.NullMarked;
