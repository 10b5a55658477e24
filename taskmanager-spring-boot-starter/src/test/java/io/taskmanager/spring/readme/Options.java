package io.taskmanager.spring.readme;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

class Options {

    private static final TaskOptions PREVIEW = TaskOptions.builder()
            .name("preview")
            .priority()
            .maxRetries(1)
            .queueTimeout(Duration.ofSeconds(2))
            .tag("page", "gallery")
            .build();

    private final TaskManager<ImageProcessor, Object> images;

    Options(TaskManager<ImageProcessor, Object> images) {
        this.images = images;
    }

    byte[] preview(Path picture) throws InterruptedException {
        return images.call((context, processor) -> processor.thumbnail(picture), PREVIEW);
    }

    CompletableFuture<byte[]> laterPreview(Path picture) {
        return images.submit((context, processor) -> processor.thumbnail(picture), PREVIEW);
    }
}
