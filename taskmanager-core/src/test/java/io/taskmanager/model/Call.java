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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        INTERRUPTED,
        /** Its future was completed by somebody else: the task was cancelled. */
        BY_HAND,
        /** It was made where it would have waited for itself. */
        REFUSED,
        /** The call threw an error of the JVM: the task may have ended in any way, or not have been accepted. */
        LOST
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

    private static final Object HAND = "completed by hand";
    private static final RuntimeException HAND_ERROR = new IllegalArgumentException("failed by hand");
    private static final EntryPoint[] BLOCKING = EntryPoint.blocking().toArray(EntryPoint[]::new);

    /** Marks the ids of calls that are made where the answer of another is handed out. */
    private static final long IN_STAGE = 1L << 56;

    final long id;
    private final World world;
    private final Scene scene;
    private final int depth;
    private final TaskManagerConfig<ModelResource> config;
    /** Drawn from when the call is made, then by one attempt after the other. */
    private final SplittableRandom random;

    private final EntryPoint entry;
    private final TaskOptions options;
    /** Whether a call with options waits for its answer. */
    private final boolean blocksWithOptions;
    /** Whether it is made by what hangs on another's answer, and so may be refused. */
    private final boolean inStage;

    private int calls;
    private final AtomicInteger starts = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger deliveries = new AtomicInteger();
    /** Written after the answer, so that whoever sees it sees that. */
    private volatile boolean answered;

    private final List<Object> returned = new ArrayList<>(); // guarded by itself
    private final List<Throwable> thrown = new ArrayList<>(); // guarded by itself
    /** Of the last attempt. For the thread that makes the next. */
    private volatile TaskContext lastContext;

    private volatile ModelResource lastResource;
    private volatile boolean cancelled;
    private volatile boolean handed;
    private volatile boolean lost;
    /** The attempt under way. */
    private volatile Use use;

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
        this.blocksWithOptions = withOptions && !nested && random.nextBoolean();
        this.inStage = false;
        EntryPoint any;
        do {
            any = EntryPoint.values()[random.nextInt(EntryPoint.values().length)];
        } while (nested && any.isBlocking());
        this.entry = any;
    }

    /** A call of {@code runTask}. */
    static Call ofRunTask(Scene scene, long id, int depth) {
        return new Call(scene, id, depth, EntryPoint.RUN_TASK, false);
    }

    private Call(Scene scene, long id, int depth, EntryPoint entry, boolean inStage) {
        this.scene = scene;
        this.world = scene.world();
        this.config = scene.config();
        this.id = id;
        this.depth = depth;
        this.random = world.random(id);
        this.options = null;
        this.blocksWithOptions = false;
        this.inStage = inStage;
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
        return options == null ? entry.isBlocking() : blocksWithOptions;
    }

    /** Makes the call. */
    void make(TaskManager<ModelResource, Object> manager) {
        try {
            if (isBlocking()) {
                makeAndWait(manager);
            } else if (options != null) {
                hangOn(manager.submit(this, options));
            } else if (entry.isCallback()) {
                entry.callWithCallback(manager, this, this::callBack);
            } else {
                hangOn(entry.callHere(manager, this).future());
            }
            callerInterrupted = isCallerInterrupted();
        } catch (Throwable e) {
            if (!world.isMisfortune(e)) {
                world.breach(this + " threw where it should not", e);
            }
            lose(e);
        }
    }

    private void makeAndWait(TaskManager<ModelResource, Object> manager) {
        Object result = null;
        Throwable failure = null;
        if (options != null) {
            try {
                result = manager.call(this, options);
            } catch (Throwable e) {
                failure = e;
            }
        } else {
            Answer<Object> answer = entry.callHere(manager, this);
            result = answer.isError() ? null : answer.value();
            failure = answer.isError() ? answer.error() : null;
        }
        callerInterrupted = isCallerInterrupted();
        if (failure instanceof VirtualMachineError && world.isMisfortune(failure)) {
            lose(failure);
        } else {
            deliver(result, failure);
        }
    }

    private boolean isCallerInterrupted() {
        Use caller = world.currentUse.get();
        return inStage // on a thread that is not its own
                || (Thread.currentThread() instanceof Actor actor && actor.wasInterrupted())
                || (caller != null && caller.mayBeInterrupted());
    }

    /** Notes that nobody will know what has become of the task, unless a callback has told already, or will. */
    private void lose(Throwable e) {
        lost = true;
        if (deliveries.incrementAndGet() == 1) {
            conclude(null, e);
        }
    }

    private void hangOn(CompletableFuture<Object> made) {
        future = made;
        boolean interrupts = random.nextDouble() < world.temper.faults / 8;
        var unused = made.whenComplete((result, failure) -> {
            try {
                callFromStage(); // first: once all calls are answered, no other may come
            } finally {
                deliver(result, failure);
            }
            if (interrupts) {
                // As code does that was interrupted and passes that on.
                world.willInterrupt();
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Makes a call that blocks, or ends the manager, where an answer is handed out: on a worker, maybe. */
    private void callFromStage() {
        SplittableRandom ownRandom = world.random(0x9000_0000_0000L + id);
        if (depth >= MAX_DEPTH || ownRandom.nextDouble() >= world.temper.faults / 8) {
            return;
        }
        if (ownRandom.nextInt(16) == 0) {
            world.maybeStop(ownRandom);
        }
        EntryPoint form = BLOCKING[ownRandom.nextInt(BLOCKING.length)];
        scene.make(new Call(scene, id | IN_STAGE, depth + 1, form, true));
    }

    private void callBack(Object result, Throwable failure) {
        try {
            callFromStage();
        } finally {
            deliver(result, failure);
        }
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

    /**
     * Completes the future by hand, or has the JDK do that in a while, if the form allows that. The task is cancelled then:
     * nobody waits for it.
     */
    void completeByHand(SplittableRandom chance) {
        CompletableFuture<Object> current = future;
        if (current == null) {
            return;
        }
        handed = true;
        Use before = use;
        boolean completed = false;
        switch (chance.nextInt(4)) {
            case 0 -> completed = current.complete(HAND);
            case 1 -> completed = current.completeExceptionally(HAND_ERROR);
            case 2 -> current.orTimeout(chance.nextInt(2_000), TimeUnit.MICROSECONDS);
            default -> current.completeOnTimeout(HAND, chance.nextInt(2_000), TimeUnit.MICROSECONDS);
        }
        if (completed && before != null && !before.context.isCancelled() && use == before && !world.unlucky) {
            world.breach(before + " goes on though its future was completed by hand");
        }
    }

    private void deliver(Object result, Throwable failure) {
        if (deliveries.incrementAndGet() == 1) {
            conclude(result, failure);
        } else if (!lost) {
            world.breach(this + " was answered again: " + result + ", " + failure);
        }
    }

    private void conclude(Object result, Throwable failure) {
        value = result;
        error = failure;
        answered = true;
        scene.answered(this);
    }

    // -- the task
    // ------------------------------------------------------------------------------------------------------

    @Override
    public Object execute(TaskContext context, ModelResource resource) throws Exception {
        int start = starts.incrementAndGet();
        // All that wants memory, which there may be none of, comes before what has to be undone.
        Use outer = world.currentUse.get();
        Use use = new Use(this, context, outer);
        world.currentUse.set(use);
        this.use = use;
        if (running.incrementAndGet() != 1) {
            world.breach(this + " runs twice at a time");
        }
        resource.enter(use);
        try {
            checkStart(context, resource, start);
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
            this.use = null;
            if (config.resourceFactory() instanceof ModelFactory factory && factory.resets()) {
                resource.soil();
            }
            resource.exit(use);
            running.decrementAndGet();
            if (outer == null) {
                world.currentUse.remove();
            } else {
                world.currentUse.set(outer);
            }
            checkInterrupt(use, Thread.currentThread().isInterrupted()); // last: it asks the engine
        }
    }

    private void checkStart(TaskContext context, ModelResource resource, int start) {
        // An attempt that finds no memory to begin may be tried again, where its check takes too long.
        if (context.attempt() != start && !(world.unlucky && world.hasty)) {
            world.breach(this + " has its start " + start + " as attempt " + context.attempt());
        }
        if (start > maxRetries() + 1) {
            world.breach(this + " was started " + start + " times, with " + maxRetries() + " retries");
        }
        TaskContext before = lastContext;
        lastContext = context;
        // On a resource that was found fit after that.
        boolean afterTimeout = config.retryPolicy().isPresent() && before != null && before.isCancelled();
        if (start > 1 && !world.unlucky && !world.hasty && !afterTimeout) {
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
            world.maybeStop(world.random(0xA000_0000_0000L + id));
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

    /** Whether it was answered with an error of the JVM, or one that such an error caused. */
    boolean hadMisfortune() {
        return world.isMisfortune(error);
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
        if (lost) {
            return End.LOST;
        }
        if (value == HAND || error == HAND_ERROR || error instanceof TimeoutException) {
            return End.BY_HAND;
        }
        if (error == null) {
            return End.VALUE;
        }
        if (inStage && error.getClass() == IllegalStateException.class) {
            return End.REFUSED;
        }
        if (error instanceof InterruptedException) {
            return End.INTERRUPTED;
        }
        if (isStandstill(error)) {
            return End.TIMED_OUT;
        }
        // After a first attempt, what there is no resource for has failed: only a synchronous manager retries so.
        boolean refused = error instanceof TaskRejectedException || error instanceof ResourceCreationException;
        if (refused && starts.get() == 0) {
            return End.REJECTED;
        }
        if (error instanceof TaskTimeoutException) {
            return End.TIMED_OUT;
        }
        return error instanceof TaskCancelledException ? End.CANCELLED : End.FAILED;
    }

    /** Checks that the answer is one that this call may have, given what its attempts did. */
    void checkAnswer() {
        if (deliveries.get() != 1 && !lost) {
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
            case CANCELLED -> {
                boolean byInterrupt = scene.isSynchronous() && callerInterrupted;
                yield cancelled || scene.mayKill() || byInterrupt || isStranded(error) ? null : "nobody cancelled it";
            }
            case TIMED_OUT ->
                isStandstill(error)
                        ? (isBlocking() && !scene.isSynchronous() ? null : "nobody waits for it")
                        : hasLimit() ? null : "it has no time limit";
            case REJECTED -> starts.get() > 0 ? "but it ran" : faultOfRejection();
            case INTERRUPTED -> isBlocking() && callerInterrupted ? null : "nobody interrupted its caller";
            case BY_HAND -> handed ? null : "nobody completed it";
            case REFUSED -> starts.get() > 0 ? "but it ran" : null;
            case LOST -> null;
        };
    }

    private String faultOfFailure() {
        if (scene.isSynchronous()
                && (error instanceof TaskRejectedException || error instanceof ResourceCreationException)) {
            return null; // there was no resource for its retry
        }
        if (!(error instanceof TaskExecutionException)) {
            return world.isMisfortune(error) ? null : "no call is answered with that";
        }
        if (world.isMisfortune(error)) {
            return null; // the engine's, or one that the task met in the engine
        }
        synchronized (thrown) {
            if (thrown.isEmpty() || thrown.get(thrown.size() - 1) != error.getCause()) {
                return "it threw " + thrown + ", and not " + error.getCause();
            }
        }
        if (world.hasty) {
            return null; // a check that took too long may have led to a retry, or prevented it
        }
        boolean exhausted = maxRetries() > 0 && ModelError.isUnhealthy(error.getCause());
        if (!exhausted) {
            return error.getClass() == TaskExecutionException.class ? null : "no retry was due";
        }
        TaskContext last = lastContext;
        if (last != null && last.isCancelled() && error.getClass() == TaskExecutionException.class) {
            return null; // nobody is asked about what a task throws whose caller is interrupted
        }
        return error instanceof RetriesExhaustedException e
                        && e.attempts() == starts.get()
                        && e.attempts() == maxRetries() + 1
                ? null
                : "retries were due";
    }

    private String faultOfRejection() {
        boolean direct = scene.isSynchronous() || (options == null && entry == EntryPoint.RUN_TASK);
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

    /** Whether a caller was told that its task could not be run in an outage or a pause. */
    private static boolean isStandstill(Throwable error) {
        return error instanceof TaskRejectedException
                && error.getMessage().contains("could not be run within acquireTimeout");
    }

    /** Whether a stop in an outage has cancelled it. */
    private boolean isStranded(Throwable error) {
        return scene.isEnding() && error.getMessage().contains("stopped while it could create no resource");
    }

    private boolean hasLimit() {
        boolean ofConfig = config.taskTimeout().isPresent()
                || config.queueTimeout().isPresent()
                || config.deadline().isPresent();
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
