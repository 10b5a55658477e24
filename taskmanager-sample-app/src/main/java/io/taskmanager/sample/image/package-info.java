/** Reading pictures, and making upright thumbnails of them. */
@NullMarked
package io.taskmanager.sample.image;

import org.jspecify.annotations.NullMarked;
