package com.example.ui;

import io.taskmanager.TaskManager;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has a manager run tasks of all kinds, many for a while and then few, until closed. Few are retried: each retry is some events,
 * and those of scaling are to be among the last 200 for five minutes.
 */
final class Waves implements AutoCloseable {

    private static final long HALF_NANOS = TimeUnit.SECONDS.toNanos(25);
    private static final int MANY = 40;
    private static final int FEW = 2;

    private final TaskManager<StringBuilder, Object> manager;
    private final AtomicInteger unended = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "waves");

    Waves(TaskManager<StringBuilder, Object> manager) {
        this.manager = manager;
        thread.start();
    }

    private void run() {
        long start = System.nanoTime();
        for (int number = 0; !Thread.currentThread().isInterrupted(); ) {
            boolean high = (System.nanoTime() - start) / HALF_NANOS % 2 == 0;
            if (unended.get() < (high ? MANY : FEW)) {
                queue(++number);
            } else {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void queue(int number) {
        unended.incrementAndGet();
        (number % 6 == 0
                        ? manager.queueTaskWithPriorityAsync((context, resource) -> run(number, context.attempt()))
                        : manager.queueTaskAsync((context, resource) -> run(number, context.attempt())))
                .whenComplete((value, error) -> unended.decrementAndGet());
    }

    private static Object run(int number, int attempt) throws Exception {
        Thread.sleep(60 + number % 7 * 40L);
        if (number % 400 == 0 && attempt == 1) {
            throw new IOException("broken");
        }
        if (number % 90 == 0) {
            throw new IllegalStateException("failed");
        }
        return number;
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
