package io.taskmanager.testkit;

import io.taskmanager.Task;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskOptions;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Every way to hand a task to a manager: the twelve queue forms, {@code submit} and {@code call} like four of them
 * each, {@code runTask}. */
public enum EntryPoint {
    QUEUE_TASK(TaskLane.MAIN, false, blocking(TaskManager::queueTask)),
    QUEUE_TASK_WITH_PRIORITY(TaskLane.PRIORITY, false, blocking(TaskManager::queueTaskWithPriority)),
    QUEUE_TASK_ONCE(TaskLane.MAIN, true, blocking(TaskManager::queueTaskOnce)),
    QUEUE_TASK_WITH_PRIORITY_ONCE(TaskLane.PRIORITY, true, blocking(TaskManager::queueTaskWithPriorityOnce)),

    QUEUE_TASK_WITH_CALLBACK(TaskLane.MAIN, false, callback(TaskManager::queueTaskWithCallback)),
    QUEUE_TASK_WITH_PRIORITY_WITH_CALLBACK(
            TaskLane.PRIORITY, false, callback(TaskManager::queueTaskWithPriorityWithCallback)),
    QUEUE_TASK_ONCE_WITH_CALLBACK(TaskLane.MAIN, true, callback(TaskManager::queueTaskOnceWithCallback)),
    QUEUE_TASK_WITH_PRIORITY_ONCE_WITH_CALLBACK(
            TaskLane.PRIORITY, true, callback(TaskManager::queueTaskWithPriorityOnceWithCallback)),

    QUEUE_TASK_ASYNC(TaskLane.MAIN, false, async(TaskManager::queueTaskAsync)),
    QUEUE_TASK_WITH_PRIORITY_ASYNC(TaskLane.PRIORITY, false, async(TaskManager::queueTaskWithPriorityAsync)),
    QUEUE_TASK_ONCE_ASYNC(TaskLane.MAIN, true, async(TaskManager::queueTaskOnceAsync)),
    QUEUE_TASK_WITH_PRIORITY_ONCE_ASYNC(TaskLane.PRIORITY, true, async(TaskManager::queueTaskWithPriorityOnceAsync)),

    SUBMIT(TaskLane.MAIN, false, submit(TaskOptions.builder())),
    SUBMIT_WITH_PRIORITY(TaskLane.PRIORITY, false, submit(TaskOptions.builder().priority())),
    SUBMIT_ONCE(TaskLane.MAIN, true, submit(TaskOptions.builder().once())),
    SUBMIT_WITH_PRIORITY_ONCE(
            TaskLane.PRIORITY, true, submit(TaskOptions.builder().priority().once())),

    CALL(TaskLane.MAIN, false, callWith(TaskOptions.builder())),
    CALL_WITH_PRIORITY(TaskLane.PRIORITY, false, callWith(TaskOptions.builder().priority())),
    CALL_ONCE(TaskLane.MAIN, true, callWith(TaskOptions.builder().once())),
    CALL_WITH_PRIORITY_ONCE(
            TaskLane.PRIORITY, true, callWith(TaskOptions.builder().priority().once())),

    RUN_TASK(TaskLane.DIRECT, true, blocking(TaskManager::runTask));

    private final TaskLane lane;
    private final boolean once;

    @SuppressWarnings("ImmutableEnumChecker") // Each form is a method reference without state.
    private final Form form;

    EntryPoint(TaskLane lane, boolean once, Form form) {
        this.lane = lane;
        this.once = once;
        this.form = form;
    }

    public TaskLane lane() {
        return lane;
    }

    public boolean isPriority() {
        return lane == TaskLane.PRIORITY;
    }

    /** Whether its tasks are never retried. */
    public boolean isOnce() {
        return once;
    }

    public boolean isQueued() {
        return lane != TaskLane.DIRECT;
    }

    public boolean isBlocking() {
        return form instanceof Blocking;
    }

    public boolean isCallback() {
        return form instanceof Callback;
    }

    public boolean isAsync() {
        return form instanceof Async;
    }

    /** Makes the call; one that blocks is made on a thread of its own. */
    public <R, T> Answer<T> call(TaskManager<R, Object> manager, Task<? super R, ? extends T> task) {
        return call(manager, task, EntryPoint::startThread);
    }

    /** Makes the call on this thread, which is held for as long as the call blocks. */
    public <R, T> Answer<T> callHere(TaskManager<R, Object> manager, Task<? super R, ? extends T> task) {
        return call(manager, task, call -> {
            call.run();
            return Thread.currentThread();
        });
    }

    /** Makes the call of a callback form with a callback of the test's own. */
    @SuppressWarnings("unchecked")
    public <R> void callWithCallback(
            TaskManager<R, Object> manager, Task<? super R, ?> task, BiConsumer<Object, Throwable> callback) {
        ((Callback) form).call((TaskManager<Object, Object>) manager, (Task<Object, Object>) task, callback);
    }

    @SuppressWarnings("unchecked")
    private <R, T> Answer<T> call(TaskManager<R, Object> manager, Task<? super R, ? extends T> task, Starter starter) {
        Answer<Object> answer = new Answer<>();
        form.call((TaskManager<Object, Object>) manager, (Task<Object, Object>) task, answer, starter);
        return (Answer<T>) answer;
    }

    public static Stream<EntryPoint> all() {
        return Arrays.stream(values());
    }

    public static Stream<EntryPoint> queued() {
        return only(EntryPoint::isQueued);
    }

    public static Stream<EntryPoint> queuedRetried() {
        return only(entry -> entry.isQueued() && !entry.isOnce());
    }

    /** Those whose tasks run once, {@code runTask} included. */
    public static Stream<EntryPoint> once() {
        return only(EntryPoint::isOnce);
    }

    public static Stream<EntryPoint> queuedBlocking() {
        return only(entry -> entry.isQueued() && entry.isBlocking());
    }

    /** Those that block: the four of the lanes, and {@code runTask}. */
    public static Stream<EntryPoint> blocking() {
        return only(EntryPoint::isBlocking);
    }

    /** Those that never block: callback and async. */
    public static Stream<EntryPoint> nonBlocking() {
        return only(entry -> !entry.isBlocking());
    }

    public static Stream<EntryPoint> callbacks() {
        return only(EntryPoint::isCallback);
    }

    public static Stream<EntryPoint> async() {
        return only(EntryPoint::isAsync);
    }

    private static Stream<EntryPoint> only(Predicate<EntryPoint> filter) {
        return all().filter(filter);
    }

    // -- how each way answers --------------------------------------------------------------------------------------

    private static final class Callers {
        static final AtomicInteger COUNT = new AtomicInteger();
    }

    private static Thread startThread(Runnable call) {
        Thread thread = new Thread(call, "caller-" + Callers.COUNT.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @FunctionalInterface
    private interface Starter {
        Thread start(Runnable call);
    }

    private interface Form {
        void call(TaskManager<Object, Object> manager, Task<Object, Object> task, Answer<Object> answer, Starter on);
    }

    @FunctionalInterface
    private interface Blocking extends Form {
        Object call(TaskManager<Object, Object> manager, Task<Object, Object> task) throws InterruptedException;

        @Override
        default void call(
                TaskManager<Object, Object> manager, Task<Object, Object> task, Answer<Object> answer, Starter on) {
            answer.madeBy(on.start(() -> answer(manager, task, answer)));
        }

        private void answer(TaskManager<Object, Object> manager, Task<Object, Object> task, Answer<Object> answer) {
            Object value;
            try {
                value = call(manager, task);
            } catch (Throwable e) {
                answer.deliver(null, e);
                return;
            }
            answer.deliver(value, null);
        }
    }

    @FunctionalInterface
    private interface Callback extends Form {
        void call(
                TaskManager<Object, Object> manager,
                Task<Object, Object> task,
                BiConsumer<? super Object, ? super Throwable> callback);

        @Override
        default void call(
                TaskManager<Object, Object> manager, Task<Object, Object> task, Answer<Object> answer, Starter on) {
            call(manager, task, answer::deliver);
        }
    }

    @FunctionalInterface
    private interface Async extends Form {
        CompletableFuture<Object> call(TaskManager<Object, Object> manager, Task<Object, Object> task);

        @Override
        default void call(
                TaskManager<Object, Object> manager, Task<Object, Object> task, Answer<Object> answer, Starter on) {
            answer.madeWith(call(manager, task));
        }
    }

    private static Form blocking(Blocking form) {
        return form;
    }

    private static Form callback(Callback form) {
        return form;
    }

    private static Form async(Async form) {
        return form;
    }

    private static Form submit(TaskOptions.Builder options) {
        TaskOptions built = options.build();
        return async((manager, task) -> manager.submit(task, built));
    }

    private static Form callWith(TaskOptions.Builder options) {
        TaskOptions built = options.build();
        return blocking((manager, task) -> manager.call(task, built));
    }
}
