package io.taskmanager.test.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.test.ScriptedResourceFactory;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ThumbnailsTest {

    private final ScriptedResourceFactory<ImageProcessor> processors =
            ScriptedResourceFactory.creating(ImageProcessor::broken).thenCreating(ImageProcessor::open);

    private final TaskManager<ImageProcessor, Object> images =
            TaskManagers.createSynchronous(TaskManagerConfig.builder(processors)
                    .workerCount(1)
                    .healthCheck(error -> !(error instanceof IOException))
                    .build());

    @Test
    void triesAgainOnAnotherProcessor() throws Exception {
        assertThat(new Thumbnails(images).now(Path.of("picture"))).isNotEmpty();
        assertThat(processors.destroyed()).hasSize(1);
    }
}
