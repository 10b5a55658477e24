package io.taskmanager.test.readme;

import io.taskmanager.TaskManager;
import java.nio.file.Path;

/** What the README's test is of. */
class Thumbnails {

    private final TaskManager<ImageProcessor, Object> images;

    Thumbnails(TaskManager<ImageProcessor, Object> images) {
        this.images = images;
    }

    byte[] now(Path picture) throws InterruptedException {
        return images.queueTaskWithPriority((context, processor) -> processor.thumbnail(picture));
    }
}
