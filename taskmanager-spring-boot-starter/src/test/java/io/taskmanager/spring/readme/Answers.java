package io.taskmanager.spring.readme;

import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskTimeoutException;
import java.nio.file.Path;

class Answers {

    private final TaskManager<ImageProcessor, Object> images;

    Answers(TaskManager<ImageProcessor, Object> images) {
        this.images = images;
    }

    String publish(Path picture) throws InterruptedException {
        try {
            return images.queueTask((context, processor) -> processor.publish(picture));
        } catch (TaskRejectedException e) {
            return "did not run, and will not: " + e.reason();
        } catch (TaskTimeoutException e) {
            return "took too long: " + e.getMessage();
        } catch (TaskExecutionException e) {
            return "threw: " + e.getCause();
        }
    }
}
