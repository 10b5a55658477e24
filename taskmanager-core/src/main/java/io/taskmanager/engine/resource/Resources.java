package io.taskmanager.engine.resource;

import io.taskmanager.Logger;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.resource.CreationGate.Ticket;
import io.taskmanager.engine.resource.FactoryCalls.Kind;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Interrupts;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Creates, validates and destroys resources through the user's factory, each within its time, and counts them. */
public final class Resources<R> {

    private static final Runnable NOTHING = () -> {};

    private final ResourceFactory<R> factory;
    private final boolean resets;
    private final FactoryLimits limits;
    private final Logger logger;
    private final Guard guard;
    private final Timer timer;
    private final ResourceLife life;
    private final EventLog events;
    private final FactoryCalls calls;
    private final AtomicInteger generation = new AtomicInteger();
    private final CreationGate gate;
    private final CreationResults results;
    private final CompletableFuture<@Nullable Void> firstCreation = new CompletableFuture<>();
    private final AtomicLong created = new AtomicLong();
    private final AtomicLong destroyed = new AtomicLong();
    private final CreationTimes creationTimes = new CreationTimes();

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
        this.limits = limits;
        this.logger = logger;
        this.life = life;
        this.events = events;
        this.guard = guard;
        this.timer = timer;
        this.calls = new FactoryCalls(limits, events, guard, timer);
        this.gate = new CreationGate(limits.backoff(), timer);
        this.results = new CreationResults(managerName, gate, events, logger);
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
        return create(giveUp, nanos, onAbandoned, false);
    }

    /**
     * As {@link #create}, on a thread that its owner may interrupt: that says nothing of the factory.
     *
     * @throws InterruptedException if this thread was interrupted while it waited or created
     */
    public @Nullable ResourceHolder<R> createForCaller(BooleanSupplier giveUp, long nanos, Runnable onAbandoned)
            throws InterruptedException {
        return create(giveUp, nanos, onAbandoned, true);
    }

    private @Nullable ResourceHolder<R> create(
            BooleanSupplier giveUp, long nanos, Runnable onAbandoned, boolean onCaller) throws InterruptedException {
        Ticket ticket =
                new Ticket(); // before the right is claimed, or one for whom there is no memory could not return it
        if (!gate.enter(ticket, giveUp, nanos)) {
            return null;
        }
        try {
            return create(ticket, onAbandoned, onCaller);
        } finally {
            gate.leave(ticket); // where nobody knows how it would have ended: a kill, an interrupt, an error of the JVM
        }
    }

    private @Nullable ResourceHolder<R> create(Ticket ticket, Runnable onAbandoned, boolean onCaller)
            throws InterruptedException {
        int current = generation.get(); // a recycle from here on finds this one old
        FactoryCall call = calls.newCall(Kind.CREATION, null, () -> timedOut(ticket), onAbandoned);
        R resource = null;
        Throwable error = null;
        Frame before = Frame.current();
        try {
            Frame.enter(guard);
            resource = call.run(factory::create);
        } catch (Throwable e) {
            error = e;
        } finally {
            Frame.restore(before);
        }
        if (resource != null && !call.isLate()) {
            return succeeded(resource, ticket, current, call.sinceNanos());
        }
        if (resource != null) {
            destroy(counted(resource, current, call.sinceNanos()), Cause.SURPLUS); // it came too late
        }
        if (call.isKilled()) {
            return null;
        }
        if (call.isTimedOut()) {
            throw results.failedBefore(tookTooLong(), error);
        }
        if (onCaller && error != null && tellsOfAnInterrupt(error)) {
            throw interrupted(error);
        }
        throw firstFailed(
                error == null
                        ? results.failed(ticket, "ResourceFactory.create() returned null")
                        : results.failed(ticket, error));
    }

    private ResourceHolder<R> succeeded(R resource, Ticket ticket, int itsGeneration, long startNanos) {
        ResourceHolder<R> holder = counted(resource, itsGeneration, startNanos);
        creationTimes.add(timer.nanos() - startNanos);
        try {
            results.succeeded(ticket); // before anybody who waits for it goes on, and asks for an outage
        } catch (OutOfMemoryError e) {
            guard.report("telling of a creation", e);
        }
        firstCreation.complete(null);
        return holder;
    }

    /** The resource is there: where there is no memory to keep it, this waits for some. */
    private ResourceHolder<R> counted(R resource, int itsGeneration, long startNanos) {
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

    /** Whether the thread of the creation was interrupted, by somebody else than us. */
    private static boolean tellsOfAnInterrupt(Throwable error) {
        return Thread.currentThread().isInterrupted() || Interrupts.areToldBy(error);
    }

    private static InterruptedException interrupted(Throwable error) {
        Thread.interrupted();
        return Interrupts.of(error, "interrupted while creating a resource");
    }

    /** By the timer's thread. */
    private void timedOut(Ticket ticket) {
        ResourceCreationException unused = firstFailed(results.failed(ticket, tookTooLong()));
    }

    private String tookTooLong() {
        return "the creation took longer than creationTimeout (" + limits.creation() + ")";
    }

    private ResourceCreationException firstFailed(ResourceCreationException failure) {
        firstCreation.completeExceptionally(failure);
        return failure;
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
                call = calls.newCall(
                        Kind.DESTRUCTION,
                        holder,
                        () -> tookTooLong(Kind.DESTRUCTION, limits.destruction()),
                        () -> gone(holder, cause, onGone));
                code = guarded(call, "destroying a resource", false, () -> {
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

    /** By the timer's thread. */
    private void tookTooLong(Kind kind, Duration timeout) {
        logger.warnf("%s took longer than %s (%s) and was interrupted", kind.description(), kind.setting(), timeout);
    }

    /** What is thrown is logged. The guard is within the call: it may set the interrupt status, which that clears. */
    private Callable<Boolean> guarded(FactoryCall call, String what, boolean fallback, Callable<Boolean> code) {
        Callable<Boolean> inner = () -> guard.get(what, code, fallback);
        return () -> call.run(inner);
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
        FactoryCall call = calls.newCall(
                Kind.VALIDATION, holder, () -> tookTooLong(Kind.VALIDATION, limits.validation()), onAbandoned);
        return saysYes(call, "validating a resource", () -> factory.validate(holder.resource()));
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
        FactoryCall call = calls.newCall(kind, holder, () -> tookTooLong(kind, limits.validation()), onAbandoned);
        String what = "the " + kind;
        return guard.get(what, guarded(call, what, fallback, question), fallback) && !call.isLate();
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
            FactoryCall call =
                    calls.newCall(Kind.RESET, holder, () -> tookTooLong(Kind.RESET, limits.validation()), onAbandoned);
            return saysYes(call, "resetting a resource", () -> {
                factory.reset(holder.resource());
                return true;
            });
        } catch (OutOfMemoryError e) {
            return false; // its task has its answer, or is another thread's by now: this is about the resource alone
        }
    }

    /**
     * Makes a call for which a throw is a way to say no: a dead session throws, and an outage has many of them. So one line
     * tells of it, and none if the call has taken too long, of which one has told.
     */
    private boolean saysYes(FactoryCall call, String what, Callable<Boolean> code) {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Callable<Boolean> noted = () -> {
            try {
                return code.call();
            } catch (Throwable e) {
                if (Interrupts.areToldBy(e)) {
                    Thread.currentThread().interrupt();
                }
                thrown.set(e);
                return false;
            }
        };
        boolean yes = guard.get(what, guarded(call, what, false, noted), false);
        Throwable error = thrown.get();
        if (error != null && !call.isTimedOut()) {
            guard.warn("%s; it is replaced", what + " threw " + Guard.describe(error));
            if (logger.isDebugEnabled()) {
                logger.debugf("%s threw", what, error);
            }
        }
        return yes && !call.isLate();
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
        return firstCreation;
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
        return creationTimes.typical();
    }

    /** Wakes creators so that they re-check whether they are still needed. */
    public void wake() {
        gate.wake();
    }
}
