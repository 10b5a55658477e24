package io.taskmanager.engine;

import io.taskmanager.Backoff;
import io.taskmanager.HealthCheck;
import io.taskmanager.Logger;
import io.taskmanager.MetricsCollector;
import io.taskmanager.ResourceHealthCheck;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.execution.AttemptRules;
import io.taskmanager.engine.execution.ErrorClassifier;
import io.taskmanager.engine.lifecycle.Lifecycle;
import io.taskmanager.engine.metrics.DefaultMetricsCollector;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.metrics.GuardedMetricsCollector;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.resource.FactoryLimits;
import io.taskmanager.engine.resource.ResourceLife;
import io.taskmanager.engine.resource.ResourcePool;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.scaling.DefaultScalingPolicy;
import io.taskmanager.engine.scaling.Scaler;
import io.taskmanager.engine.support.AnswerThreads;
import io.taskmanager.engine.support.Callbacks;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.GuardedLogger;
import io.taskmanager.engine.support.GuardedTimer;
import io.taskmanager.engine.support.SystemLogger;
import io.taskmanager.engine.support.Threads;
import io.taskmanager.engine.support.Timer;
import io.taskmanager.engine.worker.CallerRunner;
import io.taskmanager.engine.worker.OutcomeHandler;
import io.taskmanager.engine.worker.WorkerPool;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * The rooms of one manager's house, each knowing only those below it.
 *
 * @param synchronous whether callers run all tasks themselves, and no worker will be started
 */
record EngineParts<R>(
        boolean synchronous,
        Timer timer,
        Logger logger,
        AnswerThreads answers,
        Callbacks callbacks,
        Lifecycle lifecycle,
        Guard guard,
        DefaultMetricsCollector metrics,
        MetricsCollector collector,
        Ledger ledger,
        EventLog events,
        Resources<R> resources,
        ResourcePool<R> pool,
        TaskQueue queue,
        CallerRunner<R> callerRunner,
        WorkerPool<R> workers,
        Scaler scaler,
        StandstillWatch standstill) {

    /** Where Java has no virtual ones. */
    private static final int ANSWER_THREADS = 64;

    /** Builds the parts; starts nothing. By the thread that creates the manager, whose class loader its threads have. */
    static <R> EngineParts<R> of(TaskManagerConfig<R> config, Timer plainTimer, boolean synchronous) {
        String name = config.name();
        Logger logger = new GuardedLogger(config.logger().orElseGet(() -> new SystemLogger("io.taskmanager." + name)));
        Guard guard = new Guard(logger);
        Timer timer = new GuardedTimer(plainTimer, guard);
        DefaultMetricsCollector metrics = new DefaultMetricsCollector(timer);
        MetricsCollector users = config.collector()
                .<MetricsCollector>map(own -> new GuardedMetricsCollector(own, guard))
                .orElse(null);
        Ledger ledger = new Ledger(metrics, users, config.listener().orElse(null), guard);
        EventLog events = new EventLog(name, config.listener().orElse(null), guard);
        ResourceLife life = new ResourceLife(
                config.resourceMaxAge().orElse(null),
                config.resourceMaxUses(),
                config.resourceIdleValidation().orElse(null));
        Resources<R> resources = new Resources<>(
                name,
                config.resourceFactory(),
                life,
                FactoryLimits.of(config, !synchronous),
                events,
                logger,
                guard,
                timer);
        ResourcePool<R> pool = new ResourcePool<>(
                name,
                resources,
                logger,
                Threads.daemon(name + "-pool"),
                poolSize(config, synchronous),
                maxTemporary(config, synchronous));
        AnswerThreads answers = new AnswerThreads(name + "-answer", ANSWER_THREADS, guard);
        TaskQueue queue = new TaskQueue(
                name,
                guard,
                config.queueCapacity(),
                config.priorityQueueCapacity(),
                config.priorityBurstLimit(),
                timer,
                answers,
                ledger,
                resources::wake);
        AttemptRules<R> rules = new AttemptRules<>(
                new ErrorClassifier<>(healthCheck(config), config.retryPolicy().orElse(null), resources),
                resources,
                logger,
                guard,
                timer,
                config.stuckTaskGrace());
        Backoff backoff = synchronous ? Backoff.none() : config.retryBackoff();
        OutcomeHandler outcomes = new OutcomeHandler(queue, backoff, ledger, events);
        ThreadFactory threads = config.threadFactory().orElseGet(() -> Threads.numbered(name + "-worker"));
        WorkerPool<R> workers = new WorkerPool<>(
                guard,
                queue,
                rules,
                outcomes,
                resources,
                logger,
                events,
                threads,
                Threads.daemon(name + "-destroyer"),
                config.resourceFactory().threadBound(),
                timer);

        CallerRunner<R> callerRunner =
                new CallerRunner<>(queue, pool, rules, outcomes, events, config.acquireTimeout(), timer, synchronous);
        Scaler scaler = new Scaler(
                synchronous ? 0 : config.workerCount(),
                synchronous ? 0 : config.maxWorkerCount(),
                config.scalingPolicy()
                        .orElseGet(() ->
                                new DefaultScalingPolicy(config.scaleDownDelay().orElse(null))),
                queue,
                workers,
                resources,
                timer,
                events,
                logger,
                guard);
        Optional<Executor> callbackExecutor = synchronous ? Optional.of(Runnable::run) : config.callbackExecutor();
        Callbacks callbacks = new Callbacks(name, callbackExecutor, callbackLimit(config), guard);
        StandstillWatch standstill =
                new StandstillWatch(name, config.acquireTimeout(), resources, queue, answers, timer);
        if (!synchronous) {
            resources.whenCreationFails(standstill::begin);
        }
        return new EngineParts<>(
                synchronous,
                timer,
                logger,
                answers,
                callbacks,
                new Lifecycle(),
                guard,
                metrics,
                users == null ? metrics : users,
                ledger,
                events,
                resources,
                pool,
                queue,
                callerRunner,
                workers,
                scaler,
                standstill);
    }

    /** As many as can be queued and run at a time, and as many again that have run and wait for their callback. */
    private static int callbackLimit(TaskManagerConfig<?> config) {
        long room = (long) config.queueCapacity() + config.priorityQueueCapacity();
        return (int) Math.min(Integer.MAX_VALUE, 2 * room + config.maxWorkerCount());
    }

    /** Whether no worker has a resource, and none can be created: then nothing in the lanes can be run. */
    boolean isStranded() {
        return !synchronous && resources.isOutage() && workers.counts().active() == 0;
    }

    /** The tasks that run on their callers' threads with a resource of the pool, or are about to. */
    void forEachOnCaller(Consumer<QueuedTask<?, ?>> action) {
        pool.forEachOwner(owner -> {
            if (owner instanceof QueuedTask<?, ?> task) {
                action.accept(task);
            }
        });
    }

    /** The tasks that run now, abandoned ones included. */
    Set<QueuedTask<?, ?>> running() {
        Set<QueuedTask<?, ?>> running = new HashSet<>(queue.running());
        forEachOnCaller(running::add);
        return running;
    }

    /** How long the attempt has run that has run for the longest time, an abandoned one included; zero if none runs. */
    Duration longestRun() {
        long now = timer.nanos();
        long longest = 0;
        for (QueuedTask<?, ?> task : running()) {
            longest = Math.max(longest, task.runNanos(now));
        }
        return Duration.ofNanos(longest);
    }

    private static <R> ResourceHealthCheck<? super R> healthCheck(TaskManagerConfig<R> config) {
        HealthCheck ofErrors = config.healthCheck();
        return config.resourceHealthCheck().orElse((error, resource) -> ofErrors.isHealthy(error));
    }

    /** A thread-bound resource can't be handed from one caller to the next. */
    private static int poolSize(TaskManagerConfig<?> config, boolean synchronous) {
        if (config.resourceFactory().threadBound()) {
            return 0;
        }
        int wanted = synchronous ? 1 : config.resourcePoolSize().orElse(config.workerCount());
        return (int) Math.min(wanted, roomBesideWorkers(config, synchronous));
    }

    private static int maxTemporary(TaskManagerConfig<?> config, boolean synchronous) {
        int wanted = synchronous ? Integer.MAX_VALUE : config.maxTemporaryResources();
        return (int) Math.min(wanted, roomBesideWorkers(config, synchronous) - poolSize(config, synchronous));
    }

    /** What {@code maxResources} leaves for runTask. A synchronous manager has no workers. */
    private static long roomBesideWorkers(TaskManagerConfig<?> config, boolean synchronous) {
        int workers = synchronous ? 0 : config.maxWorkerCount();
        return config.maxResources().isEmpty()
                ? Long.MAX_VALUE
                : config.maxResources().getAsInt() - workers;
    }
}
