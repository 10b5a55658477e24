package io.taskmanager.spring.readme;

import io.taskmanager.TaskManager;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

class Forms {

    private final TaskManager<ImageProcessor, Object> images;

    Forms(TaskManager<ImageProcessor, Object> images) {
        this.images = images;
    }

    byte[] blocking(Path picture) throws InterruptedException {
        return images.queueTask((context, processor) -> processor.thumbnail(picture));
    }

    CompletableFuture<byte[]> async(Path picture) {
        return images.queueTaskAsync((context, processor) -> processor.thumbnail(picture));
    }

    void callback(Path picture, Consumer<byte[]> show, Consumer<Throwable> complain) {
        images.<byte[]>queueTaskWithCallback(
                (context, processor) -> processor.thumbnail(picture), (thumbnail, error) -> {
                    if (error == null) {
                        show.accept(thumbnail);
                    } else {
                        complain.accept(error);
                    }
                });
    }

    byte[] urgent(Path picture) throws InterruptedException {
        return images.queueTaskWithPriority((context, processor) -> processor.thumbnail(picture));
    }

    String atMostOnce(Path picture) throws InterruptedException {
        return images.queueTaskOnce((context, processor) -> processor.publish(picture));
    }

    byte[] now(Path picture) throws InterruptedException {
        return images.runTask((context, processor) -> processor.thumbnail(picture));
    }
}
