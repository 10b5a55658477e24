package io.taskmanager.durable.readme;

import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskContext;
import io.taskmanager.durable.TaskHandler;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.TaskType;
import java.nio.file.Path;
import org.springframework.stereotype.Service;

@Service
class DurableThumbnails implements TaskHandler<DurableThumbnails.Picture, ImageProcessor, String> {

    record Picture(String file) {}

    static final TaskType<Picture, String> THUMBNAIL = TaskType.of("thumbnail", Picture.class, String.class);

    private final DurableTaskClient tasks;

    DurableThumbnails(DurableTaskClient tasks) {
        this.tasks = tasks;
    }

    TaskId later(Path picture) {
        return tasks.queueTask(THUMBNAIL, new Picture(picture.toString()));
    }

    @Override
    public TaskType<Picture, String> type() {
        return THUMBNAIL;
    }

    @Override
    public String manager() {
        return "images";
    }

    @Override
    public String handle(DurableTaskContext context, Picture picture, ImageProcessor processor) throws Exception {
        return processor.writeThumbnail(Path.of(picture.file()));
    }
}
