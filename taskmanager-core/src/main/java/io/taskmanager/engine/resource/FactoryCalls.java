package io.taskmanager.engine.resource;

import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the user's factory, health check and retry policy that are under way, on any thread: who looks, or kills, finds
 * them here.
 */
public final class FactoryCalls {

    private final FactoryLimits limits;
    private final EventLog events;
    private final Guard guard;
    private final Timer timer;
    private final Set<FactoryCall> underWay = ConcurrentHashMap.newKeySet();

    /** Written by a kill, once and before it looks at {@link #underWay}; read by a call that has just registered. */
    private volatile boolean killed;

    FactoryCalls(FactoryLimits limits, EventLog events, Guard guard, Timer timer) {
        this.limits = limits;
        this.events = events;
        this.guard = guard;
        this.timer = timer;
    }

    /** What is asked for. */
    public enum Kind {
        CREATION,
        VALIDATION,
        RESET,
        DESTRUCTION,
        /** Not of the factory, and no less able to hang: of the health check, for a resource. */
        HEALTH_CHECK,
        RETRY_POLICY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        /** What the call is, for a message. */
        String description() {
            return "the " + this + (this == HEALTH_CHECK || this == RETRY_POLICY ? "" : " of a resource");
        }

        /** The setting that bounds it. */
        String setting() {
            return (this == CREATION || this == DESTRUCTION ? this : VALIDATION) + "Timeout";
        }
    }

    /**
     * A call that has not returned, and was not abandoned.
     *
     * @param sinceNanos when it began, by the manager's clock
     */
    public record UnderWay(Kind kind, long sinceNanos) {}

    /** A call to be run by the current thread. It is on no books before it runs. */
    FactoryCall newCall(Kind kind, @Nullable ResourceHolder<?> holder, Runnable onTimeout, Runnable onAbandoned) {
        return new FactoryCall(this, kind, holder, onTimeout, onAbandoned);
    }

    /** Interrupts all of them, and lets no creation begin any more: for a kill. */
    public void interruptAll() {
        killed = true;
        underWay.forEach(FactoryCall::kill);
    }

    /** The one that has been under way for the longest time; null if there is none. */
    public @Nullable UnderWay oldest() {
        return first(call -> true);
    }

    /** The oldest of a kind; null if there is none. */
    public @Nullable UnderWay oldest(Kind kind) {
        return first(call -> call.kind() == kind);
    }

    /**
     * What a worker does with the factory: the call that is made on its thread, or on whichever thread for its resource.
     *
     * @param thread the worker's
     * @param holder its resource, or null
     * @return null if there is none
     */
    public @Nullable UnderWay of(@Nullable Thread thread, @Nullable ResourceHolder<?> holder) {
        return first(call -> call.runsOn(thread) || (holder != null && call.holder() == holder));
    }

    private @Nullable UnderWay first(Predicate<FactoryCall> test) {
        long now = timer.nanos();
        return underWay.stream()
                .filter(call -> !call.isAbandoned() && test.test(call))
                .max(Comparator.comparingLong(call -> now - call.sinceNanos()))
                .map(call -> new UnderWay(call.kind(), call.sinceNanos()))
                .orElse(null);
    }

    // For a call.

    void add(FactoryCall call) {
        underWay.add(call);
    }

    void remove(FactoryCall call) {
        underWay.remove(call);
    }

    boolean isKilled() {
        return killed;
    }

    long nanos() {
        return timer.nanos();
    }

    /** Null if calls of this kind may take any time. */
    Timer.@Nullable Cancellable afterTimeout(Kind kind, Runnable action) {
        Duration timeout = limits.of(kind);
        return timeout.isZero() ? null : timer.after(timeout, action);
    }

    Timer.Cancellable afterGrace(Runnable action) {
        return timer.after(limits.grace(), action);
    }

    /** Tells of a call that is abandoned now. */
    void tellAbandoned(FactoryCall call, Thread thread) {
        String since = Duration.ofNanos(timer.nanos() - call.sinceNanos()).toString();
        guard.stuckIn(call.kind().description() + ", under way for " + since + ",", thread, limits.grace());
        events.add(Type.RESOURCE_STUCK, call.kind() + " ignores its interrupt, under way for " + since);
    }
}
