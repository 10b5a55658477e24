package io.taskmanager.engine.resource;

import io.taskmanager.Logger;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Creates and destroys resources through the user's factory, and counts them. */
public final class Resources<R> {

    private final String managerName;
    private final ResourceFactory<R> factory;
    private final Logger logger;
    private final Guard guard;
    private final Timer timer;
    private final ResourceLife life;
    private final EventLog events;
    private final AtomicInteger generation = new AtomicInteger();
    private final CreationGate gate;
    private final CompletableFuture<@Nullable Void> firstCreation = new CompletableFuture<>();
    private final LongAdder created = new LongAdder();
    private final LongAdder destroyed = new LongAdder();
    private final CreationTimes creationTimes = new CreationTimes();

    public Resources(
            String managerName,
            ResourceFactory<R> factory,
            ResourceLife life,
            EventLog events,
            Logger logger,
            Guard guard,
            Timer timer) {
        this.managerName = managerName;
        this.factory = factory;
        this.logger = logger;
        this.life = life;
        this.events = events;
        this.guard = guard;
        this.timer = timer;
        this.gate = new CreationGate(timer);
    }

    /**
     * Creates a resource, after waiting for the right to at most {@code nanos}.
     *
     * @param giveUp see {@link CreationGate#enter}
     * @return null if it gave up or the time has passed
     * @throws ResourceCreationException if the factory failed
     * @throws InterruptedException if this thread was interrupted while it waited, or the factory says so
     */
    public @Nullable ResourceHolder<R> create(BooleanSupplier giveUp, long nanos) throws InterruptedException {
        if (!gate.enter(giveUp, nanos)) {
            return null;
        }
        int current = generation.get(); // a recycle from here on finds this one old
        long start = timer.nanos();
        R resource;
        try {
            resource = factory.create();
        } catch (Throwable e) {
            ResourceCreationException failure = failed(Guard.describe(e), e);
            if (e instanceof InterruptedException interrupt) {
                throw interrupt;
            }
            throw failure;
        }
        if (resource == null) {
            throw failed("ResourceFactory.create() returned null", null);
        }
        return succeeded(resource, current, start);
    }

    private ResourceHolder<R> succeeded(R resource, int itsGeneration, long startNanos) {
        long now = timer.nanos();
        creationTimes.add(now - startNanos);
        created.increment();
        gate.leave(true);
        firstCreation.complete(null);
        events.add(Type.RESOURCE_CREATED, "in " + Duration.ofNanos(now - startNanos) + "; " + balance());
        double random = ThreadLocalRandom.current().nextDouble();
        return new ResourceHolder<>(resource, itsGeneration, now, life.maxAgeNanos(random));
    }

    private String balance() {
        return "created " + created.sum() + ", destroyed " + destroyed.sum();
    }

    private ResourceCreationException failed(String why, @Nullable Throwable cause) {
        Duration pause = gate.leave(false);
        ResourceCreationException failure = new ResourceCreationException(
                "manager \"" + managerName + "\" could not create a resource: " + why
                        + (pause.isZero() ? "" : "; the next attempt is in " + pause.toMillis() + " ms"),
                cause);
        firstCreation.completeExceptionally(failure);
        // The class alone: a message may tell what is nobody's business.
        events.add(
                Type.CREATION_FAILED,
                cause == null ? "the factory returned null" : cause.getClass().getName());
        return failure;
    }

    /** Destroys a resource, unless that was done before. What the factory throws is logged. */
    public void destroy(ResourceHolder<R> holder, Cause cause) {
        if (!holder.live2destroyed()) {
            return;
        }
        guard.run("destroying a resource", () -> factory.destroy(holder.resource()));
        destroyed.increment();
        events.destroyed(cause, cause + ", after " + holder.uses() + " uses; " + balance());
        if (logger.isDebugEnabled()) {
            logger.debugf("destroyed a resource; %s", balance());
        }
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

    /** Whether a resource is of an earlier generation, has its age, or was used often enough. */
    public boolean isOld(ResourceHolder<R> holder) {
        return isRecycled(holder) || isWorn(holder);
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

    /** Whether the factory says that a resource is fit; a throw means no. */
    public boolean isValid(R resource) {
        return guard.get("validating a resource", () -> factory.validate(resource), false);
    }

    /** Complete once the first creation has succeeded; failed if it failed. */
    public CompletableFuture<@Nullable Void> firstCreation() {
        return firstCreation;
    }

    /** See {@link CreationGate#isOutage}. */
    public boolean isOutage() {
        return gate.isOutage();
    }

    /** See {@link CreationTimes#typical}. */
    public Duration typicalCreationTime() {
        return creationTimes.typical();
    }

    /** Has whoever waits to create ask again whether to give up. */
    public void wake() {
        gate.wake();
    }
}
