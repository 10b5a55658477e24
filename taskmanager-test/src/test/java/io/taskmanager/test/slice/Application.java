package io.taskmanager.test.slice;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the tests are of. */
@SpringBootApplication
class Application {

    /** As a slice has to import it. */
    @Configuration(proxyBeanMethods = false)
    static class Sessions {
        @Bean
        ResourceFactory<Object> sessions() {
            return ResourceFactory.of(Object::new, session -> {});
        }
    }

    /** Whether the managers run a task at once, and have no workers. */
    static boolean isSynchronous(TaskManager<Object, Object> images) {
        Thread ran = images.queueTaskAsync((context, session) -> Thread.currentThread())
                .join();
        return ran == Thread.currentThread() && images.control().workers().isEmpty();
    }
}
