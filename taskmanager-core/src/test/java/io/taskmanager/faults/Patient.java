package io.taskmanager.faults;

import io.taskmanager.Backoff;
import io.taskmanager.HealthCheck;
import io.taskmanager.Logger;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskStats;
import io.taskmanager.engine.HurriedManagers;
import io.taskmanager.faults.Faults.Kind;
import io.taskmanager.faults.Faults.Trouble;
import io.taskmanager.testkit.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

/**
 * One manager with one worker that is put in trouble during one {@link Operation}. When the trouble has passed, the manager
 * must be whole again, to the last count. All its threads are in a group of its own; whatever is left of that has leaked.
 */
final class Patient {

    /** How long anything may take once the trouble is over. */
    private static final Duration BOUND = Duration.ofMillis(Integer.getInteger("faults.bound", 10_000));

    /** The same for a manager that is known to be broken: what else is broken is of use, but not worth the wait. */
    private static final Duration BOUND_OF_BROKEN = Duration.ofMillis(200);

    /** What breaks a resource. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Whose errors these are. */
    enum Victim {
        CALLER,
        ENGINE
    }

    /** What one life came to: how many sites there were, where it was struck, and what was not whole afterwards. */
    record Report(long sites, List<String> struck, List<String> faults) {

        boolean isWhole() {
            return faults.isEmpty();
        }

        @Override
        public String toString() {
            return String.join(", ", struck) + " -> " + String.join("; ", faults);
        }
    }

    private final Operation operation;
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger destroyed = new AtomicInteger();
    private final Gate gate = new Gate();
    private final List<CompletableFuture<?>> expected = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final TaskManagerConfig<Object> config;
    private TaskManager<Object, Object> manager;
    private boolean opensWhenQueued;

    /** The future that the operation is about. */
    CompletableFuture<Object> victim;

    private Patient(Operation operation) {
        this.operation = operation;
        this.config = operation
                .settings()
                .apply(TaskManagerConfig.builder(
                                ResourceFactory.<Object>of(this::create, resource -> destroyed.incrementAndGet()))
                        .name("patient")
                        .workerCount(1)
                        .maxWorkerCount(1)
                        .burstInterval(Duration.ZERO)
                        .maxRetries(1)
                        .retryBackoff(Backoff.none())
                        .acquireTimeout(BOUND.dividedBy(2))
                        .healthCheck((HealthCheck) error -> !(error instanceof Broken))
                        .logger(Silence.LOGGER))
                .build();
    }

    /** Lives one life: trouble of this kind, at the sites given, in this part of the process. */
    static Report live(Operation operation, Kind kind, Victim victim, LongPredicate strikes) {
        Patient patient = new Patient(operation);
        return inGroup(() -> patient.live(kind, victim, strikes));
    }

    private static Report inGroup(Callable<Report> life) {
        CompletableFuture<Report> report = new CompletableFuture<>();
        Runnable action = () -> {
            try {
                report.complete(life.call());
            } catch (Throwable e) {
                report.completeExceptionally(e);
            }
        };
        new Thread(new ThreadGroup("patient"), action, "patient-life").start();
        return report.join();
    }

    /** Creates a manager in trouble, and ends it if it lives; nothing may be left. */
    static Report create(Kind kind, LongPredicate strikes) {
        Patient patient = new Patient(Operation.STOP);
        return inGroup(() -> patient.beCreated(kind, strikes));
    }

    private Report beCreated(Kind kind, LongPredicate strikes) {
        Thread life = Thread.currentThread();
        long sites;
        List<String> struck;
        try (Trouble trouble = Faults.arm(kind, thread -> thread == life, strikes)) {
            try {
                manager = HurriedManagers.create(config);
            } catch (VirtualMachineError e) {
                // Nothing may be left of it.
            }
            sites = trouble.passed();
            struck = trouble.struck();
        }
        if (manager != null) {
            checkEnd();
        } else {
            checkLeftOvers();
        }
        return new Report(sites, struck, faults);
    }

    private Object create() {
        created.incrementAndGet();
        return new Object();
    }

    private Report live(Kind kind, Victim who, LongPredicate strikes) throws Exception {
        manager = HurriedManagers.create(config);
        await("a worker", this::isIdle);
        operation.prepare(this);
        Thread life = Thread.currentThread();
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        CompletableFuture<Object> call = new CompletableFuture<>();
        long sites;
        List<String> struck;
        try (Trouble trouble = Faults.arm(
                kind,
                thread -> who == Victim.CALLER
                        ? thread == caller.getNow(life)
                        : thread != life && thread != caller.getNow(life) && isOurs(thread),
                strikes)) {
            inBackground("caller", caller, () -> {
                try {
                    operation.perform(this);
                } finally {
                    call.complete("");
                }
                return null;
            });
            letGo(call);
            await(() -> call.isDone()
                    && (areAnswered() && isIdle() || !trouble.struck().isEmpty()));
            sites = trouble.passed();
            struck = trouble.struck();
        }
        gate.open();
        await("the return of the call", call::isDone);
        checkWhole();
        return new Report(sites, struck, faults);
    }

    /** Opens the gate, where that must be during the trouble: at once, or when a call waits behind the task that is held. */
    private void letGo(CompletableFuture<?> call) {
        if (opensWhenQueued) {
            await(() -> call.isDone() || manager.stats().queuedTasks() > 0);
        } else {
            await(call::isDone);
        }
        if (!operation.endsByItself()) {
            gate.open();
        }
    }

    private boolean isOurs(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group != null
                && group.getName().equals("patient")
                && !thread.getName().startsWith("probe");
    }

    private boolean areAnswered() {
        synchronized (expected) {
            return expected.stream().allMatch(CompletableFuture::isDone);
        }
    }

    // -- for operations
    // ----------------------------------------------------------------------------------------------

    TaskManager<Object, Object> manager() {
        return manager;
    }

    Gate gate() {
        return gate;
    }

    /** Notes that a future must be answered, whatever else happens. */
    <T> CompletableFuture<T> expect(CompletableFuture<T> future) {
        synchronized (expected) {
            expected.add(future);
        }
        return future;
    }

    /** Has the worker run a task that it holds until the call in trouble has returned. */
    CompletableFuture<Object> occupyWorker() {
        CompletableFuture<Object> held = expect(manager.queueTaskAsync((context, resource) -> {
            gate.pass();
            return 1;
        }));
        gate.awaitArrivals(1);
        return held;
    }

    /** The same, until another task is queued. */
    void occupyWorkerUntilQueued() {
        occupyWorker();
        opensWhenQueued = true;
    }

    static Object failOnce(TaskContext context) throws Broken {
        if (context.attempt() == 1) {
            throw new Broken();
        }
        return 1;
    }

    // -- the checks
    // --------------------------------------------------------------------------------------------------

    private void checkWhole() throws InterruptedException {
        await("an answer to each accepted task", this::areAnswered);
        if (manager.state() == TaskManagerState.RUNNING) {
            within("repetition", () -> {
                operation.repeatWhatMustBeDone(this);
                return null;
            });
            within(
                    "async task",
                    () -> manager.queueTaskAsync((context, resource) -> 1)
                            .get(BOUND.toMillis(), TimeUnit.MILLISECONDS));
            within("blocking task", () -> manager.queueTask((context, resource) -> 1));
            within("runTask", () -> manager.runTask((context, resource) -> 1));
            checkStats();
        }
        checkEnd();
    }

    private void checkStats() {
        int pooled = config.resourcePoolSize().orElse(1);
        TaskStats whole = new TaskStats(1, 1, 0, 0, 0, pooled, 0, 0, 0, 0, false);
        TaskStats[] last = new TaskStats[1];
        boolean isWhole = await(() -> {
            last[0] = within("stats()", manager::stats);
            return whole.equals(last[0]) || last[0] == null;
        });
        if (!isWhole) {
            faults.add("stats are " + last[0]);
        }
    }

    private void checkEnd() {
        if (manager.state() == TaskManagerState.RUNNING) {
            within("stop()", manager::stop);
        } else if (manager.state() != TaskManagerState.TERMINATED) {
            within("kill()", this::killAgain);
        }
        if (!await(() -> manager.state() == TaskManagerState.TERMINATED)) {
            faults.add("not terminated, but " + manager.state());
        }
        checkLeftOvers();
        TaskMetrics metrics = within("metrics()", manager::metrics);
        if (metrics != null && metrics.totalTasksArrived() != ended(metrics)) {
            faults.add(metrics.totalTasksArrived() + " arrived, " + ended(metrics) + " ended");
        }
    }

    private void checkLeftOvers() {
        if (!await(() -> created.get() == destroyed.get())) {
            faults.add("created " + created + ", destroyed " + destroyed);
        }
        if (!await(() -> others().isEmpty())) {
            faults.add("left over: " + others().stream().map(Patient::describe).toList());
        }
    }

    /** What is left to whoever has seen an end fail. */
    private Object killAgain() {
        try {
            return manager.kill();
        } catch (IllegalStateException e) {
            return e; // a kill is on its way
        }
    }

    private static long ended(TaskMetrics metrics) {
        return metrics.totalTasksCompleted()
                + metrics.totalTasksFailed()
                + metrics.totalTasksCancelled()
                + metrics.totalTasksTimedOut();
    }

    private static List<Thread> others() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        Thread[] threads = new Thread[group.activeCount() + 10];
        return Arrays.stream(threads, 0, group.enumerate(threads))
                .filter(thread -> thread != Thread.currentThread())
                .toList();
    }

    private static String describe(Thread thread) {
        return thread.getName() + " " + thread.getState() + " "
                + Arrays.stream(thread.getStackTrace()).limit(8).toList();
    }

    /** A worker that waits, busy with nothing. */
    private boolean isIdle() {
        return manager.state() != TaskManagerState.RUNNING
                || others().stream()
                        .anyMatch(thread -> thread.getName().startsWith("patient-worker")
                                && thread.getState() == Thread.State.WAITING);
    }

    /** Makes a call that may hang, or fail, on a thread of its own; says what it returns, or null. */
    private <T> T within(String what, Callable<T> call) {
        CompletableFuture<T> done = inBackground("probe", new CompletableFuture<>(), call);
        try {
            return done.get(bound().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            faults.add(what + " fails with " + e.getCause());
        } catch (TimeoutException e) {
            faults.add(what + " hangs");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return null;
    }

    private static <T> CompletableFuture<T> inBackground(
            String name, CompletableFuture<Thread> started, Callable<T> call) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        done.complete(call.call());
                    } catch (Throwable e) {
                        done.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        started.complete(thread);
        thread.start();
        return done;
    }

    private void await(String what, BooleanSupplier condition) {
        if (!await(condition)) {
            faults.add(what + " does not come");
        }
    }

    private Duration bound() {
        return faults.isEmpty() ? BOUND : BOUND_OF_BROKEN;
    }

    private boolean await(BooleanSupplier condition) {
        long until = System.nanoTime() + bound().toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            LockSupport.parkNanos(50_000);
        }
        return true;
    }

    /** A logger that says nothing; thousands of patients would. */
    private enum Silence implements Logger {
        LOGGER;

        @Override
        public void debugf(String format, Object... args) {}

        @Override
        public void infof(String format, Object... args) {}

        @Override
        public void warnf(String format, Object... args) {}

        @Override
        public void errorf(String format, Object... args) {}

        @Override
        public boolean isDebugEnabled() {
            return false;
        }
    }
}
