package io.taskmanager.test.readme;

import io.taskmanager.TaskManager;
import java.nio.file.Path;

/** Stands in for what the README's reader tests. */
record Thumbnails(TaskManager<ImageProcessor, Object> images) {

    byte[] now(Path picture) throws InterruptedException {
        return images.queueTaskWithPriority((context, processor) -> processor.thumbnail(picture));
    }
}
