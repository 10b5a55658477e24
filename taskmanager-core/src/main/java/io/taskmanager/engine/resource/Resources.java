package io.taskmanager.engine.resource;

import io.taskmanager.Logger;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.resource.FactoryCalls.Kind;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The resources there are: creates, validates, resets and destroys each through the user's factory, within its time, and
 * counts them from their creation to the end of their destruction. It has no lock: the counts are atomic.
 */
public final class Resources<R> {

    private static final Runnable NOTHING = () -> {};

    private final ResourceFactory<R> factory;
    private final boolean resets;
    private final Logger logger;
    private final Guard guard;
    private final Timer timer;
    private final ResourceLife life;
    private final EventLog events;
    private final FactoryCalls calls;
    private final AtomicInteger generation = new AtomicInteger();
    private final GuardedCalls guardedCalls;
    private final CreationGate gate;
    private final CreationResults results;
    private final Creations<R> creations;
    private final AtomicLong created = new AtomicLong();
    private final AtomicLong destroyed = new AtomicLong();

    public Resources(
            String managerName,
            ResourceFactory<R> factory,
            ResourceLife life,
            FactoryLimits limits,
            EventLog events,
            Logger logger,
            Guard guard,
            Timer timer) {
        this.factory = factory;
        this.resets = overridesReset(factory);
        this.logger = logger;
        this.life = life;
        this.events = events;
        this.guard = guard;
        this.timer = timer;
        this.calls = new FactoryCalls(limits, events, guard, timer);
        this.guardedCalls = new GuardedCalls(calls, limits, guard, logger);
        this.gate = new CreationGate(limits.backoff(), timer);
        this.results = new CreationResults(managerName, gate, events, logger);
        this.creations = new Creations<>(this, factory, limits, calls, gate, results, guard);
    }

    /**
     * Creates a resource on a thread of the engine, after waiting for the right to at most {@code nanos}. A creation that
     * takes longer than its timeout has failed at that moment; what it returns later is destroyed.
     *
     * @param giveUp see {@link CreationGate#enter}
     * @param onAbandoned run once, by the timer's thread, if the factory ignores its interrupt: the current thread is not to
     *     be counted on from then on, and when this returns at last, by throwing, that has run
     * @return null if it gave up, the time has passed, or a kill interrupted the creation
     * @throws ResourceCreationException if the factory failed
     * @throws InterruptedException if this thread was interrupted while it waited
     */
    public @Nullable ResourceHolder<R> create(BooleanSupplier giveUp, long nanos, Runnable onAbandoned)
            throws InterruptedException {
        return creations.create(giveUp, nanos, onAbandoned, false);
    }

    /**
     * As {@link #create}, on a thread that its owner may interrupt: that says nothing of the factory.
     *
     * @throws InterruptedException if this thread was interrupted while it waited or created
     */
    public @Nullable ResourceHolder<R> createForCaller(BooleanSupplier giveUp, long nanos, Runnable onAbandoned)
            throws InterruptedException {
        return creations.create(giveUp, nanos, onAbandoned, true);
    }

    /** Counts a resource that was created. It is there: where there is no memory to keep it, this waits for some. */
    ResourceHolder<R> counted(R resource, int itsGeneration, long startNanos) {
        ResourceHolder<R> holder = null;
        while (holder == null) {
            try {
                double random = ThreadLocalRandom.current().nextDouble();
                holder = new ResourceHolder<>(resource, itsGeneration, timer.nanos(), life.maxAgeNanos(random));
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
        created.incrementAndGet();
        long nanos = timer.nanos() - startNanos;
        try {
            events.add(Type.RESOURCE_CREATED, "in " + Duration.ofNanos(nanos) + "; " + balance());
        } catch (OutOfMemoryError e) {
            guard.report("keeping an event", e);
        }
        return holder;
    }

    /** How many resources there are, those being destroyed included. */
    public int living() {
        long gone = destroyed.get(); // first: a resource is created before it is destroyed
        return (int) (created.get() - gone);
    }

    private String balance() {
        return "created " + created.get() + ", destroyed " + destroyed.get();
    }

    /** See {@link CreationGate#brokeInFirstTask}. */
    public void brokeInFirstTask() {
        results.brokeInFirstTask();
    }

    /** See {@link CreationGate#servedFirstTask}. */
    public void servedFirstTask() {
        results.servedFirstTask();
    }

    /** Destroys a resource as {@link #destroy(ResourceHolder, Cause, Runnable)} does. */
    public void destroy(ResourceHolder<R> holder, Cause cause) {
        destroy(holder, cause, NOTHING);
    }

    /**
     * Destroys a resource, unless that was done before. What the factory throws is logged.
     *
     * @param onGone run exactly once, when the resource counts no more: by this thread, when it is destroyed; or before
     *     that by the timer's, when the factory ignores its interrupt
     * @return false if it was the timer's: then the current thread is not to be counted on since then
     */
    public boolean destroy(ResourceHolder<R> holder, Cause cause, Runnable onGone) {
        // What wants memory comes first: a destruction that has begun is begun by nobody else.
        FactoryCall call = null;
        Callable<Boolean> code = null;
        while (code == null) {
            try {
                call = guardedCalls.newCall(Kind.DESTRUCTION, holder, () -> gone(holder, cause, onGone));
                code = guardedCalls.guarded(call, "destroying a resource", false, () -> {
                    factory.destroy(holder.resource());
                    return true;
                });
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
        FactoryCall made = Objects.requireNonNull(call);
        if (!holder.live2destroyed()) {
            return true;
        }
        try {
            guard.get("destroying a resource", code, Boolean.FALSE);
        } finally {
            if (!made.isAbandoned()) {
                gone(holder, cause, onGone);
            }
        }
        return !made.isAbandoned();
    }

    private void gone(ResourceHolder<R> holder, Cause cause, Runnable onGone) {
        try {
            destroyed.incrementAndGet();
            events.destroyed(cause, cause + ", after " + holder.uses() + " uses; " + balance());
            if (logger.isDebugEnabled()) {
                logger.debugf("destroyed a resource; %s", balance());
            }
        } catch (OutOfMemoryError e) {
            guard.report("keeping an event", e);
        } finally {
            onGone.run();
        }
    }

    /** Interrupts each creation, validation and destruction under way, on any thread, and lets no creation begin: for a kill. */
    public void interruptCalls() {
        calls.interruptAll();
    }

    /** Whether {@link #interruptCalls} was called. */
    public boolean isKilled() {
        return calls.isKilled();
    }

    /** The creations, validations and destructions under way. */
    public FactoryCalls calls() {
        return calls;
    }

    long nanos() {
        return timer.nanos();
    }

    /** How many recycles have begun. */
    int generation() {
        return generation.get();
    }

    /** Makes every resource old, those being created included. */
    public void recycle() {
        generation.incrementAndGet();
    }

    /**
     * Whether a resource is to be replaced, since it is old or was used often enough, and a replacement can be tried.
     *
     * @param isNeeded whether a task may wait for it: then it serves that first, however often recycle was called since it was
     *     begun, or no task would run while that goes on
     */
    public boolean isDueForRenewal(ResourceHolder<R> holder, boolean isNeeded) {
        return (isWorn(holder) || (isRecycled(holder) && !isNeeded)) && gate.admitsNow();
    }

    /** Whether a resource has its age, or was used often enough: then it must not be used again. */
    public boolean isWorn(ResourceHolder<R> holder) {
        return life.isOver(holder, timer);
    }

    /** Whether a recycle has begun since its creation did. */
    boolean isRecycled(ResourceHolder<R> holder) {
        return holder.generation() != generation.get();
    }

    /** Whether a creation would not have to wait. */
    boolean canCreateNow() {
        return gate.admitsNow();
    }

    /** Whether a resource has been idle for so long that it must be validated before its next use. */
    public boolean isDueForValidation(ResourceHolder<R> holder) {
        return life.asksForValidation(holder, timer);
    }

    /**
     * Whether the factory says that a resource is fit. A throw means no, and so does one that takes too long.
     *
     * @param onAbandoned run once, by the timer's thread, if the factory ignores its interrupt: the current thread is not to
     *     be counted on from then on, and when this says no at last, that has run
     */
    public boolean isValid(ResourceHolder<R> holder, Runnable onAbandoned) {
        return guardedCalls.saysYes(
                Kind.VALIDATION,
                holder,
                "validating a resource",
                () -> factory.validate(holder.resource()),
                onAbandoned);
    }

    /**
     * Asks user code that is not the factory's, within the time of a validation.
     *
     * @param holder the resource that it is asked about, or null
     * @param fallback the answer where it throws; it is false where it takes too long
     * @param onAbandoned as for {@link #isValid}
     */
    public boolean asks(
            Kind kind,
            @Nullable ResourceHolder<R> holder,
            Callable<Boolean> question,
            boolean fallback,
            Runnable onAbandoned) {
        return guardedCalls.asks(kind, holder, question, fallback, onAbandoned);
    }

    /** Has an action run, on any thread, whenever a creation has failed. Set once, before the first creation. */
    public void whenCreationFails(Runnable action) {
        results.whenFailed(action);
    }

    /** Whether the factory resets resources; else there is nothing to do between two tasks. */
    public boolean resets() {
        return resets;
    }

    /**
     * Makes a resource that a task has used ready for the next; false if it is not to be used again. For {@link #resets}.
     *
     * @param onAbandoned as for {@link #isValid}
     */
    public boolean reset(ResourceHolder<R> holder, Runnable onAbandoned) {
        try {
            Callable<Boolean> code = () -> {
                factory.reset(holder.resource());
                return true;
            };
            return guardedCalls.saysYes(Kind.RESET, holder, "resetting a resource", code, onAbandoned);
        } catch (OutOfMemoryError e) {
            return false; // its task has its answer, or is another thread's by now: this is about the resource alone
        }
    }

    /** Whether a factory has a method of its own for it. */
    private static boolean overridesReset(ResourceFactory<?> factory) {
        try {
            return factory.getClass().getMethod("reset", Object.class).getDeclaringClass() != ResourceFactory.class;
        } catch (NoSuchMethodException e) {
            return true; // calling it does no harm
        }
    }

    /** Complete once the first creation has succeeded; failed if it failed. */
    public CompletableFuture<@Nullable Void> firstCreation() {
        return creations.first();
    }

    /** Says whether a creation that fails may end the start of the manager. False unless told otherwise. */
    public void decideStart(boolean decide) {
        results.decideStart(decide);
    }

    /** See {@link CreationGate#isOutage}. */
    public boolean isOutage() {
        return gate.isOutage();
    }

    /** What is known of the outage; null while there is none. */
    public @Nullable Outage outage() {
        return results.outage();
    }

    /** Tries a creation at once, whatever the last ones came to, if anybody wants a resource. */
    public void probe() {
        gate.probe();
    }

    /** See {@link CreationTimes#typical}. */
    public Duration typicalCreationTime() {
        return creations.typicalTime();
    }

    /** Wakes creators so that they re-check whether they are still needed. */
    public void wake() {
        gate.wake();
    }
}
