package com.example.consumer;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Application {

    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch mayAnswer = new CountDownLatch(1);

    private final TaskManager<StringBuilder, Object> pages;

    Application(TaskManager<StringBuilder, Object> pages) {
        this.pages = pages;
    }

    @GetMapping("/page")
    String page() throws InterruptedException {
        return pages.queueTask((context, page) -> "page");
    }

    /** A request that is in flight while the application stops, and then still needs its manager. */
    @GetMapping("/late")
    String late() throws InterruptedException {
        asked.countDown();
        if (!mayAnswer.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the test did not let it go on");
        }
        return pages.queueTask((context, page) -> "late page");
    }

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    /** Apart, since the application itself asks for the manager. */
    @Configuration(proxyBeanMethods = false)
    static class Pages {
        @Bean
        ResourceFactory<StringBuilder> pageFactory() {
            return ResourceFactory.of(StringBuilder::new, page -> {});
        }
    }
}
