package com.example.consumer;

import io.taskmanager.ResourceFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class Application {

    @Bean
    ResourceFactory<StringBuilder> pages() {
        return ResourceFactory.of(StringBuilder::new, page -> {});
    }

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }
}
