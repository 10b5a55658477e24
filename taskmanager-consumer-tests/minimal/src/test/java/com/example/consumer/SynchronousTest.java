package com.example.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.test.autoconfigure.AutoConfigureTaskManager;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** The same application, without workers. */
@SpringBootTest
@AutoConfigureTaskManager
class SynchronousTest {

    @Autowired
    TaskManager<StringBuilder, Object> pages;

    @Test
    void runsTasksOnTheThreadOfTheTest() {
        assertThat(pages.queueTaskAsync((context, page) -> Thread.currentThread()))
                .isCompletedWithValue(Thread.currentThread());
    }
}
