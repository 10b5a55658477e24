package io.taskmanager.spring.readme;

import io.taskmanager.TaskManager;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Service;

@Service
class Thumbnails {

    private final TaskManager<ImageProcessor, Object> images;

    Thumbnails(TaskManager<ImageProcessor, Object> images) {
        this.images = images;
    }

    byte[] now(Path picture) throws InterruptedException {
        return images.queueTaskWithPriority((context, processor) -> processor.thumbnail(picture));
    }

    CompletableFuture<byte[]> later(Path picture) {
        return images.queueTaskAsync((context, processor) -> processor.thumbnail(picture));
    }
}
