package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ShutdownReport;
import io.taskmanager.Task;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskStats;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bean of a manager of the configuration: a manager, and after a stop and a start of the application context another one of
 * the same config. The bean stays what it is, so that references to it stay valid. What it has handed out belongs to the
 * manager of then: a {@link #control()} has to be asked for again, and counts and metrics begin anew.
 */
final class RestartableTaskManager<R> implements TaskManager<R, Object> {

    private final Supplier<ManagerStart<R>> starts;

    /** Written by the thread that starts the context, read by any. */
    private volatile ManagerStart<R> start;

    /** Begins to create the manager. Whoever uses it before that has ended waits, and is thrown what it fails with. */
    RestartableTaskManager(Supplier<ManagerStart<R>> starts) {
        this.starts = starts;
        this.start = starts.get();
    }

    /** Begins to create another manager in place of one that has ended. */
    void restart() {
        start = starts.get();
    }

    /** Complete when the manager is there; failed with what its creation has thrown. */
    CompletableFuture<TaskManager<R, Object>> created() {
        return start.created();
    }

    private TaskManager<R, Object> current() {
        return start.manager();
    }

    @Override
    public <T> T queueTask(Task<? super R, ? extends T> task) throws InterruptedException {
        return current().queueTask(task);
    }

    @Override
    public <T> T queueTaskWithPriority(Task<? super R, ? extends T> task) throws InterruptedException {
        return current().queueTaskWithPriority(task);
    }

    @Override
    public <T> T queueTaskOnce(Task<? super R, ? extends T> task) throws InterruptedException {
        return current().queueTaskOnce(task);
    }

    @Override
    public <T> T queueTaskWithPriorityOnce(Task<? super R, ? extends T> task) throws InterruptedException {
        return current().queueTaskWithPriorityOnce(task);
    }

    @Override
    public <T> void queueTaskWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        current().queueTaskWithCallback(task, callback);
    }

    @Override
    public <T> void queueTaskWithPriorityWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        current().queueTaskWithPriorityWithCallback(task, callback);
    }

    @Override
    public <T> void queueTaskOnceWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        current().queueTaskOnceWithCallback(task, callback);
    }

    @Override
    public <T> void queueTaskWithPriorityOnceWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        current().queueTaskWithPriorityOnceWithCallback(task, callback);
    }

    @Override
    public <T> CompletableFuture<T> queueTaskAsync(Task<? super R, ? extends T> task) {
        return current().queueTaskAsync(task);
    }

    @Override
    public <T> CompletableFuture<T> queueTaskWithPriorityAsync(Task<? super R, ? extends T> task) {
        return current().queueTaskWithPriorityAsync(task);
    }

    @Override
    public <T> CompletableFuture<T> queueTaskOnceAsync(Task<? super R, ? extends T> task) {
        return current().queueTaskOnceAsync(task);
    }

    @Override
    public <T> CompletableFuture<T> queueTaskWithPriorityOnceAsync(Task<? super R, ? extends T> task) {
        return current().queueTaskWithPriorityOnceAsync(task);
    }

    @Override
    public <T> CompletableFuture<T> submit(Task<? super R, ? extends T> task, TaskOptions options) {
        return current().submit(task, options);
    }

    @Override
    public <T> T call(Task<? super R, ? extends T> task, TaskOptions options) throws InterruptedException {
        return current().call(task, options);
    }

    @Override
    public <T> T runTask(Task<? super R, ? extends T> task) throws InterruptedException {
        return current().runTask(task);
    }

    @Override
    public ShutdownReport stop() {
        return current().stop();
    }

    @Override
    public ShutdownReport stop(Duration timeout) {
        return current().stop(timeout);
    }

    @Override
    public ShutdownReport kill() {
        return current().kill();
    }

    /** One that is being created, too, without waiting for its resource. */
    @Override
    public void close() {
        start.close();
    }

    @Override
    public TaskStats stats() {
        return current().stats();
    }

    @Override
    public TaskMetrics metrics() {
        return current().metrics();
    }

    @Override
    public String name() {
        return current().name();
    }

    /** Terminated if it could not be created: nothing of it is left. */
    @Override
    public TaskManagerState state() {
        return created().isCompletedExceptionally()
                ? TaskManagerState.TERMINATED
                : current().state();
    }

    @Override
    public TaskManagerControl control() {
        return current().control();
    }

    @Override
    public String toString() {
        return "RestartableTaskManager[" + (created().isDone() ? current() : "being created") + "]";
    }
}
