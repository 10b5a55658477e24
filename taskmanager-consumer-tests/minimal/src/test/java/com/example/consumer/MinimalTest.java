package com.example.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** The starter alone, ten lines of YAML and one factory bean. */
@SpringBootTest
class MinimalTest {

    @Autowired
    TaskManager<StringBuilder, Object> pages;

    @Test
    void runsTasks() throws InterruptedException {
        String text = pages.queueTask((context, page) -> page.append("done").toString());
        assertThat(text).isEqualTo("done");
        assertThat(pages.stats().baseWorkers()).isEqualTo(2);
    }

    @Test
    void hasNothingThatItDidNotAskFor() {
        assertThat(getClass().getClassLoader().getResource("org/springframework/boot/actuate")).isNull();
        assertThat(getClass().getClassLoader().getResource("io/micrometer/core")).isNull();
    }
}
