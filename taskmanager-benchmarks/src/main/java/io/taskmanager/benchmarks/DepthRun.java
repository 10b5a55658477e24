package io.taskmanager.benchmarks;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * How long a manager takes for many queued empty tasks: to run them, to stop and to kill; the median of several managers, after
 * as many to warm up.
 */
final class DepthRun {

    static final int TASKS = 100_000;
    private static final int ROUNDS = 9;

    private DepthRun() {}

    private enum End {
        RUN,
        STOP,
        KILL
    }

    public static void main(String[] args) throws InterruptedException {
        for (End end : End.values()) {
            double unused = median(end);
        }
        for (End end : End.values()) {
            Jvm.tell(end.name().toLowerCase(Locale.ROOT), median(end));
        }
    }

    private static double median(End end) throws InterruptedException {
        double[] millis = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            millis[i] = millis(end);
        }
        return new Sample(millis).median();
    }

    private static double millis(End end) throws InterruptedException {
        TaskManager<Object, Object> manager =
                TaskManagers.create(TaskManagerConfig.builder(ResourceFactory.of(Object::new, resource -> {}))
                        .workerCount(2)
                        .maxWorkerCount(2)
                        .burstInterval(Duration.ZERO)
                        .queueCapacity(TASKS)
                        .build());
        CountDownLatch ran = new CountDownLatch(TASKS);
        manager.control().pause();
        for (int i = 0; i < TASKS; i++) {
            var unused = manager.queueTaskAsync((context, resource) -> {
                ran.countDown();
                return null;
            });
        }
        long start = System.nanoTime();
        switch (end) {
            case RUN -> {
                manager.control().resume();
                ran.await();
            }
            case STOP -> manager.stop();
            case KILL -> manager.kill();
        }
        double millis = (System.nanoTime() - start) * 1e-6;
        manager.close();
        return millis;
    }
}
