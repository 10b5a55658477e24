package io.taskmanager.spring.readme;

import io.taskmanager.TaskManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class Gallery {

    private final TaskManager<ImageProcessor, Object> images;

    Gallery(TaskManager<ImageProcessor, Object> images) {
        this.images = images;
    }

    CompletableFuture<List<byte[]>> thumbnails(List<Path> pictures) {
        return images.queueTaskAsync((context, processor) -> {
            // For a step that blocks and knows no interrupt: ends its wait.
            context.onCancel(processor::close);
            List<byte[]> thumbnails = new ArrayList<>();
            for (Path picture : pictures) {
                context.throwIfCancelled();
                thumbnails.add(processor.thumbnail(picture));
            }
            return thumbnails;
        });
    }

    CompletableFuture<List<byte[]>> thumbnailsSoon(List<Path> pictures) {
        return thumbnails(pictures).orTimeout(30, TimeUnit.SECONDS);
    }

    void forget(CompletableFuture<List<byte[]>> thumbnails) {
        thumbnails.cancel(true);
    }
}
