package io.taskmanager.spring.readme;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.engine.TaskManagers;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** More workers while a burst lasts, and an end that drains the queue. */
class BurstExample {

    record Computer(Random random) {
        BigInteger prime() {
            return BigInteger.probablePrime(512, random);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        TaskManagerConfig<Computer> config = TaskManagerConfig.builder(
                        ResourceFactory.of(() -> new Computer(new Random()), computer -> {}))
                .name("computers")
                .workerCount(2)
                .maxWorkerCount(4)
                .burstInterval(Duration.ofMillis(20))
                .maxRetries(0)
                .build();
        TaskManager<Computer, BigInteger> computers = TaskManagers.create(config);

        CompletableFuture<?>[] primes = IntStream.range(0, 24)
                .mapToObj(i -> computers.queueTaskAsync((context, computer) -> computer.prime()))
                .toArray(CompletableFuture<?>[]::new);
        computers.queueTaskWithPriority((context, computer) -> computer.prime());
        System.out.println("urgent one done, still queued: " + computers.stats().queuedTasks());
        CompletableFuture.allOf(primes).join();

        computers.control().events().stream()
                .filter(event -> event.type() == TaskManagerEvent.Type.SCALED)
                .forEach(System.out::println);
        System.out.println(computers.stop());
        System.out.println(computers.stats());
    }
}
