package io.taskmanager.test.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.test.autoconfigure.AutoConfigureTaskManager;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.json.JsonTest;
import org.springframework.context.annotation.Import;

@JsonTest(properties = "taskmanager.managers.images.worker-count=2")
@AutoConfigureTaskManager
@Import(Application.Sessions.class)
class SliceTests {

    @Autowired
    TaskManager<Object, Object> images;

    @Test
    void tasksRunOnTheThreadOfTheTest() {
        assertThat(images.queueTaskAsync((context, session) -> Thread.currentThread()))
                .isCompletedWithValue(Thread.currentThread());
    }
}
