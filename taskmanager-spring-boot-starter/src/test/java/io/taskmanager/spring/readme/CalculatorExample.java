package io.taskmanager.spring.readme;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import java.util.concurrent.CompletableFuture;

/** A pool of workers, each with its resource, and the three ways to have an answer. */
class CalculatorExample {

    record Calculator() {
        int multiply(int a, int b) {
            return a * b;
        }

        int add(int a, int b) {
            return a + b;
        }

        int subtract(int a, int b) {
            return a - b;
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        TaskManagerConfig<Calculator> config = TaskManagerConfig.builder(
                        ResourceFactory.of(Calculator::new, calculator -> System.out.println("destroyed")))
                .name("calculators")
                .workerCount(2)
                .build();
        try (TaskManager<Calculator, Integer> calculators = TaskManagers.create(config)) {
            int product = calculators.queueTask((context, calculator) -> calculator.multiply(10, 25));
            System.out.println("product: " + product);

            calculators.queueTaskWithCallback(
                    (context, calculator) -> calculator.add(10, 25),
                    (sum, error) -> System.out.println(error == null ? "sum: " + sum : "failed: " + error));

            CompletableFuture<Integer> difference =
                    calculators.queueTaskAsync((context, calculator) -> calculator.subtract(100, 40));
            System.out.println("difference: " + difference.join());

            System.out.println(calculators.stats());
        }
    }
}
