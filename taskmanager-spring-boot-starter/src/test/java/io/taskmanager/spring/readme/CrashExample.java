package io.taskmanager.spring.readme;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import java.util.concurrent.atomic.AtomicInteger;

/** A health check, a retry on another resource, a priority task, and one past the queue. */
class CrashExample {

    record Processor(int id) {}

    static class ProcessorCrash extends Exception {}

    public static void main(String[] arguments) throws InterruptedException {
        AtomicInteger ids = new AtomicInteger();
        TaskManagerConfig<Processor> config = TaskManagerConfig.builder(ResourceFactory.of(
                        () -> new Processor(ids.incrementAndGet()),
                        processor -> System.out.println("destroyed: " + processor)))
                .name("processors")
                .workerCount(2)
                .healthCheck(error -> !(error instanceof ProcessorCrash))
                .maxRetries(1)
                .resourcePoolSize(1)
                .build();
        try (TaskManager<Processor, String> processors = TaskManagers.create(config)) {
            try {
                processors.queueTask((context, processor) -> {
                    throw new IllegalArgumentException("a corrupt picture");
                });
            } catch (TaskExecutionException e) {
                System.out.println("failed, and its processor stays: " + e.getCause());
            }

            String resized = processors.queueTask((context, processor) -> {
                if (context.attempt() == 1) {
                    throw new ProcessorCrash();
                }
                return "resized in attempt " + context.attempt();
            });
            System.out.println(resized);

            System.out.println(processors.<String>queueTaskWithPriority((context, processor) -> "urgent thumbnail"));
            System.out.println(processors.<String>runTask((context, processor) -> "preview at once"));
        }
    }
}
