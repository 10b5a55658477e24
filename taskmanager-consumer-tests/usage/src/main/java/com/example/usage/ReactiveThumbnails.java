package com.example.usage;

import io.taskmanager.TaskManager;
import java.nio.file.Path;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Mono;

@Service
class ReactiveThumbnails {

    private final TaskManager<ImageProcessor, Object> images;

    ReactiveThumbnails(TaskManager<ImageProcessor, Object> images) {
        this.images = images;
    }

    Mono<byte[]> thumbnail(Path picture) {
        return Mono.fromFuture(() -> images.queueTaskAsync((context, processor) -> processor.thumbnail(picture)));
    }
}
