package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.ShutdownReport;
import io.taskmanager.Task;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskStats;
import io.taskmanager.engine.TaskManagers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
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

    private final Supplier<TaskManager<R, Object>> creation;

    /** Written by the thread that starts the context, read by any. */
    private volatile TaskManager<R, Object> current;
    /** The last one that has started. Written by who has waited for that, read by any. */
    private volatile @Nullable TaskManager<R, Object> started;

    RestartableTaskManager(Supplier<TaskManager<R, Object>> creation) {
        this.creation = creation;
        this.current = creation.get();
    }

    /** Begins another manager in place of one that has ended. */
    void restart() {
        current = creation.get();
    }

    /**
     * Waits for the start of these managers, of whatever class, see {@link TaskManagers#awaitStart}.
     *
     * @throws ResourceCreationException as that does
     */
    static void awaitStart(Collection<? extends TaskManager<?, ?>> managers) {
        TaskManagers.awaitStart(managers.stream()
                .<TaskManager<?, ?>>map(
                        manager -> manager instanceof RestartableTaskManager<?> ours ? ours.current : manager)
                .toList());
        managers.forEach(manager -> {
            if (manager instanceof RestartableTaskManager<?> ours) {
                ours.hasStarted();
            }
        });
    }

    private void hasStarted() {
        started = current;
    }

    /**
     * The current one: whoever has a task for it before it has started waits, and is told why if it has not; but for its own
     * work, such as a listener that hears of the start.
     */
    private TaskManager<R, Object> started() {
        TaskManager<R, Object> manager = current;
        if (started != manager) {
            TaskManagers.awaitStart(List.of(manager));
        }
        return manager;
    }

    @Override
    public <T> T queueTask(Task<? super R, ? extends T> task) throws InterruptedException {
        return started().queueTask(task);
    }

    @Override
    public <T> T queueTaskWithPriority(Task<? super R, ? extends T> task) throws InterruptedException {
        return started().queueTaskWithPriority(task);
    }

    @Override
    public <T> T queueTaskOnce(Task<? super R, ? extends T> task) throws InterruptedException {
        return started().queueTaskOnce(task);
    }

    @Override
    public <T> T queueTaskWithPriorityOnce(Task<? super R, ? extends T> task) throws InterruptedException {
        return started().queueTaskWithPriorityOnce(task);
    }

    @Override
    public <T> void queueTaskWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        started().queueTaskWithCallback(task, callback);
    }

    @Override
    public <T> void queueTaskWithPriorityWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        started().queueTaskWithPriorityWithCallback(task, callback);
    }

    @Override
    public <T> void queueTaskOnceWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        started().queueTaskOnceWithCallback(task, callback);
    }

    @Override
    public <T> void queueTaskWithPriorityOnceWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        started().queueTaskWithPriorityOnceWithCallback(task, callback);
    }

    @Override
    public <T> CompletableFuture<T> queueTaskAsync(Task<? super R, ? extends T> task) {
        return started().queueTaskAsync(task);
    }

    @Override
    public <T> CompletableFuture<T> queueTaskWithPriorityAsync(Task<? super R, ? extends T> task) {
        return started().queueTaskWithPriorityAsync(task);
    }

    @Override
    public <T> CompletableFuture<T> queueTaskOnceAsync(Task<? super R, ? extends T> task) {
        return started().queueTaskOnceAsync(task);
    }

    @Override
    public <T> CompletableFuture<T> queueTaskWithPriorityOnceAsync(Task<? super R, ? extends T> task) {
        return started().queueTaskWithPriorityOnceAsync(task);
    }

    @Override
    public <T> CompletableFuture<T> submit(Task<? super R, ? extends T> task, TaskOptions options) {
        return started().submit(task, options);
    }

    @Override
    public <T> T call(Task<? super R, ? extends T> task, TaskOptions options) throws InterruptedException {
        return started().call(task, options);
    }

    @Override
    public <T> T runTask(Task<? super R, ? extends T> task) throws InterruptedException {
        return started().runTask(task);
    }

    @Override
    public ShutdownReport stop() {
        return current.stop();
    }

    @Override
    public ShutdownReport stop(Duration timeout) {
        return current.stop(timeout);
    }

    @Override
    public ShutdownReport kill() {
        return current.kill();
    }

    @Override
    public void close() {
        current.close();
    }

    @Override
    public TaskStats stats() {
        return current.stats();
    }

    @Override
    public TaskMetrics metrics() {
        return current.metrics();
    }

    @Override
    public String name() {
        return current.name();
    }

    @Override
    public TaskManagerState state() {
        return current.state();
    }

    @Override
    public TaskManagerControl control() {
        return current.control();
    }

    @Override
    public String toString() {
        return current.toString();
    }
}
