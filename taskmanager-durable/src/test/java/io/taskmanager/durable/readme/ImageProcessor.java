package io.taskmanager.durable.readme;

import java.nio.file.Path;

/** Stands in for the resource of the reader. */
class ImageProcessor {

    String writeThumbnail(Path picture) {
        return picture + ".thumbnail.jpg";
    }
}
