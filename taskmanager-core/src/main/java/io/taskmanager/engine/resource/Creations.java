package io.taskmanager.engine.resource;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.engine.resource.CreationGate.Ticket;
import io.taskmanager.engine.resource.FactoryCalls.Kind;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Interrupts;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to create a resource of {@link Resources}: each with a right of the {@link CreationGate}, on the thread that
 * wants the resource, and within its time. Tells the {@link CreationResults} how each ended. It owns what the first came to,
 * and how long the last ones took. For any number of threads at a time; it has no lock of its own.
 */
final class Creations<R> {

    private final Resources<R> resources;
    private final ResourceFactory<R> factory;
    private final FactoryLimits limits;
    private final FactoryCalls calls;
    private final CreationGate gate;
    private final CreationResults results;
    private final Guard guard;

    private final CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
    private final CreationTimes times = new CreationTimes();

    Creations(
            Resources<R> resources,
            ResourceFactory<R> factory,
            FactoryLimits limits,
            FactoryCalls calls,
            CreationGate gate,
            CreationResults results,
            Guard guard) {
        this.resources = resources;
        this.factory = factory;
        this.limits = limits;
        this.calls = calls;
        this.gate = gate;
        this.results = results;
        this.guard = guard;
    }

    /**
     * See {@link Resources#create} and {@link Resources#createForCaller}.
     *
     * @param onCaller whether the thread may be interrupted by its owner
     */
    @Nullable
    ResourceHolder<R> create(BooleanSupplier giveUp, long nanos, Runnable onAbandoned, boolean onCaller)
            throws InterruptedException {
        // Before the right is claimed: where there is no memory for it after that, the right could not be released.
        Ticket ticket = new Ticket();
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
        int generation = resources.generation(); // a recycle from here on finds this one old
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
            return succeeded(resource, ticket, generation, call.sinceNanos());
        }
        if (resource != null) { // it came too late
            resources.destroy(resources.counted(resource, generation, call.sinceNanos()), Cause.SURPLUS);
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

    private ResourceHolder<R> succeeded(R resource, Ticket ticket, int generation, long startNanos) {
        ResourceHolder<R> holder = resources.counted(resource, generation, startNanos);
        times.add(resources.nanos() - startNanos);
        try {
            results.succeeded(ticket); // before anybody who waits for it goes on, and asks for an outage
        } catch (OutOfMemoryError e) {
            guard.report("telling of a creation", e);
        }
        first.complete(null);
        return holder;
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
        first.completeExceptionally(failure);
        return failure;
    }

    /** See {@link Resources#firstCreation}. */
    CompletableFuture<@Nullable Void> first() {
        return first;
    }

    /** See {@link CreationTimes#typical}. */
    Duration typicalTime() {
        return times.typical();
    }
}
