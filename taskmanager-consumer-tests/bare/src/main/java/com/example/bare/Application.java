package com.example.bare;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Runs a few tasks and ends; the end of its context stops the manager, or the process would not end. */
@SpringBootApplication
public class Application {

    @Bean
    ResourceFactory<StringBuilder> pages() {
        return ResourceFactory.of(StringBuilder::new, page -> {});
    }

    @Bean
    CommandLineRunner work(TaskManager<StringBuilder, Object> pages) {
        return arguments -> {
            AtomicInteger written = new AtomicInteger();
            for (int i = 0; i < 5; i++) {
                pages.queueTask((context, page) -> written.incrementAndGet());
            }
            LoggerFactory.getLogger(Application.class).info("bare: {} pages", written);
        };
    }

    public static void main(String[] args) {
        System.exit(SpringApplication.exit(SpringApplication.run(Application.class, args)));
    }
}
