package com.example.ui;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import java.io.IOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class Application {

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @Bean
    ResourceFactory<StringBuilder> builders() {
        return ResourceFactory.of(StringBuilder::new, builder -> {});
    }

    @Bean
    HealthCheck ioBreaksTheResource() {
        return error -> !(error instanceof IOException);
    }
}
