package com.example.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Task;
import io.taskmanager.TaskManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;

/** Tasks that were given to a manager, how often each was answered, and with what error. */
public final class Answers<R> {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TaskManager<R, Object> manager;
    private final List<AtomicInteger> answers = new CopyOnWriteArrayList<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    public Answers(TaskManager<R, Object> manager) {
        this.manager = manager;
    }

    /** Queues a task that many times. */
    public void ask(int times, Task<R, Object> task) {
        for (int i = 0; i < times; i++) {
            manager.queueTaskWithCallback(task, counted());
        }
    }

    /** As {@link #ask}, for tasks that are not retried. */
    public void askOnce(int times, Task<R, Object> task) {
        for (int i = 0; i < times; i++) {
            manager.queueTaskOnceWithCallback(task, counted());
        }
    }

    private BiConsumer<Object, Throwable> counted() {
        AtomicInteger count = new AtomicInteger();
        answers.add(count);
        return (result, error) -> {
            if (error != null) {
                errors.add(error);
            }
            count.incrementAndGet();
        };
    }

    /** Waits until each task has been answered. */
    public void await() {
        awaitUntil("all tasks are answered: " + manager.control().explain(), () -> answers.stream()
                .noneMatch(count -> count.get() == 0));
    }

    /** To be asked after the manager's end, when no other answer can come. */
    public void checkOneEach() {
        assertThat(answers).allSatisfy(count -> assertThat(count).hasValue(1));
    }

    public List<Throwable> errors() {
        return errors;
    }

    /** Waits until no thread is left whose name begins so. */
    public static void awaitNoThread(String prefix) {
        awaitUntil("no thread " + prefix + "… is left", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith(prefix)));
    }

    /** Waits for something that happens sooner or later; fails after a minute. */
    public static void awaitUntil(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(PATIENCE).until(condition);
    }
}
