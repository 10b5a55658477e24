package io.taskmanager.model;

import io.taskmanager.OverflowPolicy;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.RetriesExhaustedException;
import io.taskmanager.Task;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.model.ModelError.Diagnosis;
import io.taskmanager.model.ModelResource.Use;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.Sneaky;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One call of a walk: the task, what became of it, and the checks of both. */
final class Call implements Task<ModelResource, Object> {

    /** How a call ended, as its caller saw it. */
    enum End {
        VALUE,
        FAILED,
        CANCELLED,
        TIMED_OUT,
        REJECTED,
        /** The caller was interrupted: the task may have ended in any way, or not have been accepted. */
        INTERRUPTED
    }

    /** What an attempt does. */
    private enum Act {
        RETURN,
        RETURN_LATER,
        THROW_SOFT,
        THROW_HARD,
        THROW_CANCELLED,
        AWAIT_INTERRUPT,
        AWAIT_CANCEL,
        IGNORE_INTERRUPTS,
        IGNORE_INTERRUPTS_TO_THE_END,
        INTERRUPT_ITSELF,
        CALL_ASYNC,
        CALL_RUN_TASK,
        CALL_STOP
    }

    private static final Act[] HARMLESS = {Act.RETURN, Act.RETURN, Act.RETURN, Act.RETURN_LATER, Act.CALL_ASYNC};
    private static final Act[] FAULTS = {
        Act.THROW_SOFT,
        Act.THROW_SOFT,
        Act.THROW_SOFT,
        Act.THROW_HARD,
        Act.THROW_HARD,
        Act.THROW_CANCELLED,
        Act.AWAIT_INTERRUPT,
        Act.AWAIT_INTERRUPT,
        Act.AWAIT_CANCEL,
        Act.IGNORE_INTERRUPTS,
        Act.IGNORE_INTERRUPTS_TO_THE_END,
        Act.INTERRUPT_ITSELF,
        Act.CALL_ASYNC,
        Act.CALL_RUN_TASK,
        Act.CALL_STOP
    };
    /** What tasks of tasks do: they make no calls of their own. */
    private static final int MAX_DEPTH = 2;

    final long id;
    private final World world;
    private final Scene scene;
    private final int depth;
    private final TaskManagerConfig<ModelResource> config;
    /** Drawn from when the call is made, then by one attempt after the other. */
    private final SplittableRandom random;

    private final EntryPoint entry;
    private final TaskOptions options;

    private int calls;
    private final AtomicInteger starts = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger deliveries = new AtomicInteger();
    /** Written after the answer, so that whoever sees it sees that. */
    private volatile boolean answered;

    private final List<Object> returned = new ArrayList<>(); // guarded by itself
    private final List<Throwable> thrown = new ArrayList<>(); // guarded by itself
    private volatile ModelResource lastResource;
    private volatile boolean cancelled;
    private volatile boolean callerInterrupted;
    private volatile CompletableFuture<Object> future;
    private volatile String taskName;
    private volatile Object value;
    private volatile Throwable error;

    Call(Scene scene, long id, int depth) {
        this.scene = scene;
        this.world = scene.world();
        this.config = scene.config();
        this.id = id;
        this.depth = depth;
        this.random = world.random(id);
        boolean nested = depth > 0;
        boolean withOptions = random.nextInt(4) == 0;
        this.options = withOptions ? randomOptions() : null;
        EntryPoint any;
        do {
            any = EntryPoint.values()[random.nextInt(EntryPoint.values().length)];
        } while (nested && any.isBlocking());
        this.entry = any;
    }

    /** A call of {@code runTask}. */
    static Call ofRunTask(Scene scene, long id, int depth) {
        return new Call(scene, id, depth, EntryPoint.RUN_TASK);
    }

    private Call(Scene scene, long id, int depth, EntryPoint entry) {
        this.scene = scene;
        this.world = scene.world();
        this.config = scene.config();
        this.id = id;
        this.depth = depth;
        this.random = world.random(id);
        this.options = null;
        this.entry = entry;
    }

    private TaskOptions randomOptions() {
        TaskOptions.Builder builder = TaskOptions.builder().name("call-" + id);
        if (random.nextBoolean()) {
            builder.priority();
        }
        if (random.nextInt(3) == 0) {
            builder.once();
        } else if (random.nextBoolean()) {
            builder.maxRetries(random.nextInt(4));
        }
        if (random.nextInt(3) == 0) {
            builder.timeout(Duration.ofNanos(random.nextInt(1, 4_000_000)));
        }
        if (random.nextInt(3) == 0) {
            builder.queueTimeout(Duration.ofNanos(random.nextInt(1, 4_000_000)));
        }
        if (random.nextInt(3) == 0) {
            builder.deadline(Instant.now().plusNanos(random.nextInt(-1_000_000, 6_000_000)));
        }
        return builder.build();
    }

    // -- the call
    // ------------------------------------------------------------------------------------------------------

    /** Whether {@link #make} may wait for the answer. */
    boolean isBlocking() {
        return options == null && entry.isBlocking();
    }

    /** Makes the call. */
    void make(TaskManager<ModelResource, Object> manager) {
        try {
            if (options != null) {
                hangOn(manager.submit(this, options));
            } else if (entry.isCallback()) {
                entry.callWithCallback(manager, this, this::callBack);
            } else if (entry.isBlocking()) {
                Answer<Object> answer = entry.callHere(manager, this);
                Use caller = world.currentUse.get();
                callerInterrupted = (Thread.currentThread() instanceof Actor actor && actor.wasInterrupted())
                        || (caller != null && caller.mayBeInterrupted());
                if (answer.isError()) {
                    deliver(null, answer.error());
                } else {
                    deliver(answer.value(), null);
                }
            } else {
                hangOn(entry.callHere(manager, this).future());
            }
        } catch (Throwable e) {
            world.breach(this + " threw where it should not", e);
            deliver(null, e);
        }
    }

    private void hangOn(CompletableFuture<Object> made) {
        future = made;
        boolean interrupts = random.nextDouble() < world.temper.faults / 8;
        var unused = made.whenComplete((result, failure) -> {
            deliver(result, failure);
            if (interrupts) {
                // As code does that was interrupted and passes that on.
                world.willInterrupt();
                Thread.currentThread().interrupt();
            }
        });
    }

    private void callBack(Object result, Throwable failure) {
        deliver(result, failure);
        SplittableRandom ownRandom = world.random(0x5000_0000_0000L + id);
        if (ownRandom.nextDouble() < world.temper.faults) {
            World.dawdle(ownRandom.nextInt(1_000));
        }
        if (ownRandom.nextDouble() < world.temper.faults) {
            throw Sneaky.rethrow(ownRandom.nextBoolean() ? new Exception("a callback fails") : new AssertionError());
        }
    }

    /** Cancels the task if the form allows that. */
    void cancel(boolean interrupt) {
        CompletableFuture<Object> current = future;
        if (current != null) {
            cancelled = true;
            if (current.cancel(interrupt) && !current.isCancelled()) {
                world.breach(this + " is not cancelled though cancel said so");
            }
        }
    }

    private void deliver(Object result, Throwable failure) {
        int delivery = deliveries.incrementAndGet();
        if (delivery > 1) {
            world.breach(this + " was answered again: " + result + ", " + failure);
            return;
        }
        value = result;
        error = failure;
        answered = true;
        scene.answered(this);
    }

    // -- the task
    // ------------------------------------------------------------------------------------------------------

    @Override
    public Object execute(TaskContext context, ModelResource resource) throws Exception {
        Use outer = world.currentUse.get();
        Use use = new Use(this, context, outer);
        world.currentUse.set(use);
        int start = starts.incrementAndGet();
        if (running.incrementAndGet() != 1) {
            world.breach(this + " runs twice at a time");
        }
        checkStart(context, resource, start);
        resource.enter(use);
        try {
            checkInterrupt(use, Thread.currentThread().isInterrupted());
            Object result = attempt(use, resource);
            synchronized (returned) {
                returned.add(result);
            }
            return result;
        } catch (Throwable e) {
            synchronized (thrown) {
                thrown.add(e);
            }
            throw Sneaky.rethrow(e);
        } finally {
            checkInterrupt(use, Thread.currentThread().isInterrupted());
            resource.exit(use);
            running.decrementAndGet();
            if (outer == null) {
                world.currentUse.remove();
            } else {
                world.currentUse.set(outer);
            }
        }
    }

    private void checkStart(TaskContext context, ModelResource resource, int start) {
        if (context.attempt() != start) {
            world.breach(this + " has its start " + start + " as attempt " + context.attempt());
        }
        if (start > maxRetries() + 1) {
            world.breach(this + " was started " + start + " times, with " + maxRetries() + " retries");
        }
        if (start > 1) {
            synchronized (thrown) {
                if (thrown.size() != start - 1 || !ModelError.isUnhealthy(thrown.get(start - 2))) {
                    world.breach(this + " was run again after " + thrown);
                }
            }
            if (resource == lastResource) {
                world.breach(this + " was run again on " + resource);
            }
        }
        lastResource = resource;
        if (taskName != null && !taskName.equals(context.taskName())) {
            world.breach(this + " is called " + context.taskName() + " and was " + taskName);
        }
        taskName = context.taskName();
    }

    /** An id for a call that this one's task makes. */
    private long nextId() {
        return id + ((long) ++calls << (32 + 8 * depth));
    }

    private void checkInterrupt(Use use, boolean interrupted) {
        if (interrupted && !use.mayBeInterrupted()) {
            world.breach(use + " sees an interrupt that is not its own");
        }
    }

    private Object attempt(Use use, ModelResource resource) throws Exception {
        if (random.nextInt(4) == 0) {
            listenForCancel(use, resource);
        }
        if (random.nextInt(16) == 0) {
            Thread.yield();
        }
        Object result = random.nextInt(8) == 0 ? null : use.toString();
        switch (nextAct()) {
            case RETURN -> {}
            case RETURN_LATER -> pause(use, random.nextInt(1_000));
            case THROW_SOFT -> throw Sneaky.rethrow(failure(false, resource));
            case THROW_HARD -> throw Sneaky.rethrow(failure(true, resource));
            case THROW_CANCELLED -> throw new TaskCancelledException("so says the task");
            case AWAIT_INTERRUPT -> pause(use, patience());
            case AWAIT_CANCEL -> {
                for (long left = patience() / 100; left > 0 && world.end.getCount() > 0; left--) {
                    use.context.throwIfCancelled();
                    pause(use, 100);
                }
            }
            case IGNORE_INTERRUPTS -> ignoreInterrupts(use, random.nextInt(10_000));
            case IGNORE_INTERRUPTS_TO_THE_END -> ignoreInterrupts(use, world.untilEnd ? patience() : 20_000);
            case INTERRUPT_ITSELF -> {
                world.willInterrupt();
                Thread.currentThread().interrupt();
            }
            case CALL_ASYNC -> scene.makeAndPerhapsCancel(new Call(scene, nextId(), depth + 1), random);
            case CALL_RUN_TASK -> scene.make(ofRunTask(scene, nextId(), depth + 1));
            case CALL_STOP -> scene.checkStopOfOwnTask(use, random);
        }
        return result;
    }

    private Act nextAct() {
        Act act = random.nextDouble() < world.temper.faults
                ? FAULTS[random.nextInt(FAULTS.length)]
                : HARMLESS[random.nextInt(HARMLESS.length)];
        boolean calls = act.name().startsWith("CALL_");
        return calls && depth >= MAX_DEPTH ? Act.RETURN : act;
    }

    /** How long a task holds on that nobody cancels: microseconds. */
    private long patience() {
        return world.untilEnd && random.nextInt(4) == 0 ? 60_000_000 : random.nextInt(1, 10_000);
    }

    private void pause(Use use, long micros) throws InterruptedException {
        try {
            world.pause(micros);
        } catch (InterruptedException e) {
            checkInterrupt(use, true);
            throw e;
        }
    }

    private void ignoreInterrupts(Use use, long micros) {
        long until = System.nanoTime() + micros * 1000;
        while (world.end.getCount() > 0 && System.nanoTime() < until) {
            try {
                world.pause((until - System.nanoTime()) / 1000);
            } catch (InterruptedException e) {
                checkInterrupt(use, true);
            }
        }
    }

    private Throwable failure(boolean hard, ModelResource resource) {
        Diagnosis diagnosis = switch (random.nextInt(5)) {
            case 0, 1 -> Diagnosis.HEALTHY;
            case 2, 3 -> Diagnosis.UNHEALTHY;
            default -> Diagnosis.CONFUSING;
        };
        return ModelError.of(this + " fails, " + diagnosis, hard, diagnosis, resource);
    }

    private void listenForCancel(Use use, ModelResource resource) {
        AtomicBoolean ran = new AtomicBoolean();
        boolean fails = random.nextBoolean();
        int delay = random.nextInt(4) == 0 ? random.nextInt(500) : 0;
        use.context.onCancel(() -> {
            if (!use.context.isCancelled()) {
                world.breach("an onCancel action of " + use + " runs though it is not cancelled");
            }
            if (!ran.compareAndSet(false, true)) {
                world.breach("an onCancel action of " + use + " runs again");
            }
            World.dawdle(delay);
            if (!resource.isLastUse(use)) {
                world.breach("an onCancel action of " + use + " runs when " + resource + " has another user");
            }
            if (fails) {
                throw new IllegalStateException("an onCancel action fails");
            }
        });
    }

    // -- the checks
    // ----------------------------------------------------------------------------------------------------

    int maxRetries() {
        if (options == null) {
            return entry.isOnce() ? 0 : config.maxRetries();
        }
        return options.once() ? 0 : options.maxRetries().orElse(config.maxRetries());
    }

    boolean isAnswered() {
        return answered;
    }

    int starts() {
        return starts.get();
    }

    /** The name that the manager knows the task by; null if that never became known. */
    String taskName() {
        return options != null ? "call-" + id : taskName;
    }

    /** How it ended, once it is answered. */
    End end() {
        if (error == null) {
            return End.VALUE;
        }
        if (error instanceof InterruptedException) {
            return End.INTERRUPTED;
        }
        if (error instanceof TaskRejectedException || error instanceof ResourceCreationException) {
            return End.REJECTED;
        }
        if (error instanceof TaskTimeoutException) {
            return End.TIMED_OUT;
        }
        return error instanceof TaskCancelledException ? End.CANCELLED : End.FAILED;
    }

    /** Checks that the answer is one that this call may have, given what its attempts did. */
    void checkAnswer() {
        if (deliveries.get() != 1) {
            world.breach(this + " was answered " + deliveries + " times");
            return;
        }
        String fault = faultOfAnswer();
        if (fault != null) {
            world.breach(this + " was started " + starts + " times and answered with " + value + ", " + error + ": "
                    + fault);
        }
    }

    private String faultOfAnswer() {
        return switch (end()) {
            case VALUE -> {
                synchronized (returned) {
                    yield returned.size() == 1 && returned.get(0) == value ? null : "it returned " + returned;
                }
            }
            case FAILED -> faultOfFailure();
            case CANCELLED -> cancelled || scene.mayKill() ? null : "nobody cancelled it";
            case TIMED_OUT -> hasLimit() ? null : "it has no time limit";
            case REJECTED -> starts.get() > 0 ? "but it ran" : faultOfRejection();
            case INTERRUPTED -> isBlocking() && callerInterrupted ? null : "nobody interrupted its caller";
        };
    }

    private String faultOfFailure() {
        if (!(error instanceof TaskExecutionException)) {
            return "no call is answered with that";
        }
        synchronized (thrown) {
            if (thrown.isEmpty() || thrown.get(thrown.size() - 1) != error.getCause()) {
                return "it threw " + thrown;
            }
        }
        boolean exhausted = maxRetries() > 0 && ModelError.isUnhealthy(error.getCause());
        if (!exhausted) {
            return error.getClass() == TaskExecutionException.class ? null : "no retry was due";
        }
        return error instanceof RetriesExhaustedException e
                        && e.attempts() == starts.get()
                        && e.attempts() == maxRetries() + 1
                ? null
                : "retries were due";
    }

    private String faultOfRejection() {
        boolean direct = options == null && entry == EntryPoint.RUN_TASK;
        boolean onCaller = direct || (isBlocking() && config.overflowPolicy() == OverflowPolicy.CALLER_RUNS);
        if (error instanceof ResourceCreationException) {
            return onCaller ? null : "it needs no resource of its own";
        }
        boolean waits = isBlocking() && !direct && config.overflowPolicy() == OverflowPolicy.BLOCK;
        boolean possible = switch (((TaskRejectedException) error).reason()) {
            case SHUTTING_DOWN -> scene.isEnding();
            case QUEUE_FULL -> !direct && !waits && !(isBlocking() && onCaller);
            case ENQUEUE_TIMEOUT -> waits && config.enqueueTimeout().isPresent();
            case DEADLINE -> options != null && options.deadline().isPresent();
            case NO_RESOURCE -> onCaller;
        };
        return possible ? null : "not for this reason";
    }

    private boolean hasLimit() {
        boolean ofConfig =
                config.taskTimeout().isPresent() || config.queueTimeout().isPresent();
        return ofConfig
                || (options != null
                        && (options.timeout().isPresent()
                                || options.queueTimeout().isPresent()
                                || options.deadline().isPresent()));
    }

    @Override
    public String toString() {
        return "call " + Long.toHexString(id) + " (" + (options != null ? options : entry) + ")";
    }
}
