package io.taskmanager.engine;

import io.taskmanager.OverflowPolicy;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.ShutdownReport;
import io.taskmanager.Task;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.TaskStats;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.TaskQueue.Admission;
import io.taskmanager.engine.queue.TaskTerms;
import io.taskmanager.engine.queue.TimeLimits;
import io.taskmanager.engine.resource.ResourcePool;
import io.taskmanager.engine.support.Callbacks;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.NonBlockingThreads;
import io.taskmanager.engine.support.StackRoom;
import io.taskmanager.engine.worker.WorkerPool;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The front of the engine: turns each form of the API into a queued task and a way to answer it. */
final class DefaultTaskManager<R, E extends @Nullable Object> implements TaskManager<R, E> {

    private final TaskManagerConfig<R> config;
    private final EngineParts<R> parts;
    private final Shutdown shutdown;
    private final @Nullable Startup startup;
    private final TaskManagerControl control;
    private final Rejections rejections;
    private final Decoration decoration;
    private final NonBlockingThreads nonBlocking;
    /** Whether blocking calls borrow idle workers where their time limits allow it. */
    private final boolean lends;

    // The terms of the forms without options.
    private final Supplier<TaskTerms> main;
    private final Supplier<TaskTerms> priority;
    private final Supplier<TaskTerms> mainOnce;
    private final Supplier<TaskTerms> priorityOnce;
    private final Supplier<TaskTerms> direct;

    /** @param startup null if there is nothing to start */
    DefaultTaskManager(
            TaskManagerConfig<R> config, EngineParts<R> parts, Shutdown shutdown, @Nullable Startup startup) {
        this.config = config;
        this.parts = parts;
        this.shutdown = shutdown;
        this.startup = startup;
        this.lends = config.lending() && !config.resourceFactory().threadBound();
        this.main = usual(TaskLane.MAIN, TaskOptions.builder());
        this.priority = usual(TaskLane.PRIORITY, TaskOptions.builder());
        this.mainOnce = usual(TaskLane.MAIN, TaskOptions.builder().once());
        this.priorityOnce = usual(TaskLane.PRIORITY, TaskOptions.builder().once());
        this.direct = usual(TaskLane.DIRECT, TaskOptions.builder().once());
        this.decoration = new Decoration(config.taskDecorator().orElse(null), parts.guard());
        this.nonBlocking = new NonBlockingThreads(config.name(), parts.logger());
        this.rejections = new Rejections(config, this);
        this.control = new DefaultControl(config, parts, this);
    }

    Optional<Startup> startup() {
        return Optional.ofNullable(startup);
    }

    /** See {@link Shutdown#abort}. */
    void abort() {
        shutdown.abort();
    }

    /** One for all tasks, unless the manager gives each a deadline. */
    private Supplier<TaskTerms> usual(TaskLane lane, TaskOptions.Builder builder) {
        TaskOptions options = builder.build();
        if (config.deadline().isPresent()) {
            return () -> terms(lane, options);
        }
        TaskTerms forAll = terms(lane, options);
        return () -> forAll;
    }

    private TaskTerms terms(TaskLane lane, TaskOptions options) {
        TimeLimits limits = TimeLimits.of(
                options,
                config.queueTimeout().orElse(null),
                config.taskTimeout().orElse(null),
                config.deadline().orElse(null),
                parts.timer());
        return new TaskTerms(parts.queue(), lane, options, config.maxRetries(), limits);
    }

    private TaskTerms terms(TaskOptions options) {
        return terms(options.priority() ? TaskLane.PRIORITY : TaskLane.MAIN, options);
    }

    @Override
    public <T extends E> T queueTask(Task<? super R, ? extends T> task) throws InterruptedException {
        return this.<T>block(task, main.get());
    }

    @Override
    public <T extends E> T queueTaskWithPriority(Task<? super R, ? extends T> task) throws InterruptedException {
        return this.<T>block(task, priority.get());
    }

    @Override
    public <T extends E> T queueTaskOnce(Task<? super R, ? extends T> task) throws InterruptedException {
        return this.<T>block(task, mainOnce.get());
    }

    @Override
    public <T extends E> T queueTaskWithPriorityOnce(Task<? super R, ? extends T> task) throws InterruptedException {
        return this.<T>block(task, priorityOnce.get());
    }

    @Override
    public <T extends E> void queueTaskWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        this.<T>callBack(task, main.get(), callback);
    }

    @Override
    public <T extends E> void queueTaskWithPriorityWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        this.<T>callBack(task, priority.get(), callback);
    }

    @Override
    public <T extends E> void queueTaskOnceWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        this.<T>callBack(task, mainOnce.get(), callback);
    }

    @Override
    public <T extends E> void queueTaskWithPriorityOnceWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        this.<T>callBack(task, priorityOnce.get(), callback);
    }

    @Override
    public <T extends E> CompletableFuture<T> queueTaskAsync(Task<? super R, ? extends T> task) {
        return submit(task, main.get());
    }

    @Override
    public <T extends E> CompletableFuture<T> queueTaskWithPriorityAsync(Task<? super R, ? extends T> task) {
        return submit(task, priority.get());
    }

    @Override
    public <T extends E> CompletableFuture<T> queueTaskOnceAsync(Task<? super R, ? extends T> task) {
        return submit(task, mainOnce.get());
    }

    @Override
    public <T extends E> CompletableFuture<T> queueTaskWithPriorityOnceAsync(Task<? super R, ? extends T> task) {
        return submit(task, priorityOnce.get());
    }

    @Override
    public <T extends E> CompletableFuture<T> submit(Task<? super R, ? extends T> task, TaskOptions options) {
        StackRoom.ensure();
        QueuedTask<R, T> queued = newTask(task, terms(options), null);
        return rejectedForDeadline(queued, options) ? queued : submit(queued);
    }

    private <T extends E> CompletableFuture<T> submit(Task<? super R, ? extends T> task, TaskTerms terms) {
        StackRoom.ensure();
        return submit(this.<T>newTask(task, terms, null));
    }

    private <T extends E> CompletableFuture<T> submit(QueuedTask<R, T> queued) {
        if (parts.synchronous()) {
            runAtOnce(queued);
            return queued;
        }
        queued.leavesItsThread();
        Admission admission = parts.queue().offer(queued);
        if (admission != Admission.ACCEPTED) {
            queued.reject(rejections.of(admission, queued, Reason.QUEUE_FULL));
        }
        return queued;
    }

    private boolean rejectedForDeadline(QueuedTask<R, ?> task, TaskOptions options) {
        Instant deadline = options.deadline().orElse(null);
        if (deadline == null || !deadline.isBefore(Instant.now())) {
            return false;
        }
        task.reject(rejections.deadlinePassed(deadline));
        return true;
    }

    /** Runs a task of an async form. An interrupt of its caller is not for the task, which elsewhere knows no caller. */
    private void runAtOnce(QueuedTask<R, ?> task) {
        boolean interrupted = Thread.interrupted();
        try {
            runOnCaller(task);
        } catch (InterruptedException e) {
            interrupted = true;
            task.reject(rejections.interrupted());
        } finally {
            if (interrupted || task.hasInterruptedCaller()) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public <T extends E> T call(Task<? super R, ? extends T> task, TaskOptions options) throws InterruptedException {
        Frame caller = callerFromOutside();
        QueuedTask<R, T> queued = newTask(task, terms(options), caller);
        return rejectedForDeadline(queued, options) ? queued.await() : block(queued);
    }

    @Override
    public <T extends E> T runTask(Task<? super R, ? extends T> task) throws InterruptedException {
        nonBlocking.check();
        QueuedTask<R, T> queued = newTask(task, direct.get(), null);
        runOnCaller(queued);
        return queued.await();
    }

    private <T extends E> T block(Task<? super R, ? extends T> task, TaskTerms terms) throws InterruptedException {
        return block(this.<T>newTask(task, terms, callerFromOutside()));
    }

    /** What the caller of a blocking form is within; nothing of this manager, or it could wait for itself. */
    private Frame callerFromOutside() {
        StackRoom.ensure();
        nonBlocking.check();
        Frame caller = Frame.ofCaller();
        if (caller.isPartOf(parts.guard())) {
            throw new IllegalStateException("a blocking form of manager \"" + name()
                    + "\" was called from within its own work (a task, what hangs on its future, a callback run in place, the"
                    + " resource factory, a health check, a listener), and could wait for itself for ever; use an async"
                    + " form or runTask");
        }
        return caller;
    }

    private <T extends E> T block(QueuedTask<R, T> queued) throws InterruptedException {
        if (parts.synchronous()) {
            runOnCaller(queued);
            return queued.await();
        }
        if (lends && queued.mayRunOnCaller() && parts.workers().lend(queued)) {
            return queued.await();
        }

        queued.leavesItsThread();
        OverflowPolicy policy = config.overflowPolicy();
        Admission admission = policy == OverflowPolicy.BLOCK
                ? parts.queue().put(queued, config.enqueueTimeout().orElse(null))
                : parts.queue().offer(queued);
        if (admission == Admission.FULL && policy == OverflowPolicy.CALLER_RUNS) {
            runOnCaller(queued);
        } else if (admission != Admission.ACCEPTED) {
            queued.reject(rejections.of(
                    admission, queued, policy == OverflowPolicy.BLOCK ? Reason.ENQUEUE_TIMEOUT : Reason.QUEUE_FULL));
        }
        return queued.await();
    }

    private <T extends E> void callBack(
            Task<? super R, ? extends T> task,
            TaskTerms terms,
            BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        Objects.requireNonNull(callback, "callback");
        StackRoom.ensure();
        Callbacks.Delivery<T> delivery = parts.callbacks().admit(decoration.<@Nullable T>of(callback));
        boolean made = false;
        try {
            delivery.await(delivery.isAdmitted() ? submit(task, terms) : this.<T>refuseCallback(task, terms));
            made = true;
        } finally {
            if (!made) {
                delivery.withdraw(); // what this throws is the answer
            }
        }
    }

    private <T extends E> CompletableFuture<T> refuseCallback(Task<? super R, ? extends T> task, TaskTerms terms) {
        QueuedTask<R, T> refused = newTask(task, terms, null);
        refused.reject(parts.lifecycle().isRunning() ? parts.callbacks().rejection() : rejections.shuttingDown());
        return refused;
    }

    /** Runs a task here. What is thrown came before it was accepted. */
    private void runOnCaller(QueuedTask<R, ?> task) throws InterruptedException {
        try {
            parts.callerRunner().run(task);
        } catch (TaskRejectedException | ResourceCreationException e) {
            task.reject(e);
        }
    }

    private <T extends E> QueuedTask<R, T> newTask(
            Task<? super R, ? extends T> task, TaskTerms terms, @Nullable Frame caller) {
        return new QueuedTask<>(terms, decoration.of(task, terms.lane()), caller);
    }

    @Override
    public ShutdownReport stop() {
        return shutdown.stop(Shutdown.UNBOUNDED);
    }

    @Override
    public ShutdownReport stop(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative, but was " + timeout);
        }
        return shutdown.stop(timeout);
    }

    @Override
    public ShutdownReport kill() {
        return shutdown.kill();
    }

    @Override
    public void close() {
        shutdown.close(config.stopTimeout());
    }

    /** In one look: a worker that leaves its task and then its resource in between would be busy and not there. */
    @Override
    public TaskStats stats() {
        StackRoom.ensure();
        return parts.queue().between(this::look);
    }

    private TaskStats look() {
        TaskQueue.Counts tasks = parts.queue().counts();
        WorkerPool.Counts workers = parts.workers().counts();
        ResourcePool.Counts resources = parts.pool().counts();
        return new TaskStats(
                parts.scaler().baseWorkers(),
                workers.active(),
                Math.max(0, workers.active() - parts.scaler().baseWorkers()),
                tasks.main(),
                tasks.priority(),
                resources.available(),
                tasks.busyWorkers(),
                workers.starting(),
                tasks.retrying(),
                resources.temporary(),
                tasks.paused());
    }

    @Override
    public TaskMetrics metrics() {
        StackRoom.ensure();
        parts.queue().countArrivals();
        return parts.collector().metrics();
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public TaskManagerState state() {
        return shutdown.state();
    }

    @Override
    public TaskManagerControl control() {
        return control;
    }

    @Override
    public String toString() {
        return "TaskManager[" + name() + ", " + state() + "]";
    }
}
