package io.taskmanager.engine.resource;

import io.taskmanager.Logger;
import io.taskmanager.engine.resource.FactoryCalls.Kind;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Interrupts;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The calls of user code about a resource that is there: whatever such a call throws, and however long it takes, is logged, and
 * stands for an answer. A creation is none of them: what it throws is for whoever wants the resource. It has no state.
 */
final class GuardedCalls {

    private final FactoryCalls calls;
    private final FactoryLimits limits;
    private final Guard guard;
    private final Logger logger;

    GuardedCalls(FactoryCalls calls, FactoryLimits limits, Guard guard, Logger logger) {
        this.calls = calls;
        this.limits = limits;
        this.guard = guard;
        this.logger = logger;
    }

    /** A call to be run by the current thread, of which a line of the log tells when it has taken too long. */
    FactoryCall newCall(Kind kind, @Nullable ResourceHolder<?> holder, Runnable onAbandoned) {
        return calls.newCall(kind, holder, () -> tookTooLong(kind), onAbandoned);
    }

    /** By the timer's thread. */
    private void tookTooLong(Kind kind) {
        logger.warnf(
                "%s took longer than %s (%s) and was interrupted", kind.description(), kind.setting(), limits.of(kind));
    }

    /** What is thrown is logged. The guard is within the call: it may set the interrupt status, which that clears. */
    Callable<Boolean> guarded(FactoryCall call, String what, boolean fallback, Callable<Boolean> code) {
        Callable<Boolean> inner = () -> guard.get(what, code, fallback);
        return () -> call.run(inner);
    }

    /**
     * Makes a call whose throw is an error, which the guard logs.
     *
     * @param fallback the answer where it throws; it is false where it takes too long
     */
    boolean asks(
            Kind kind,
            @Nullable ResourceHolder<?> holder,
            Callable<Boolean> question,
            boolean fallback,
            Runnable onAbandoned) {
        FactoryCall call = newCall(kind, holder, onAbandoned);
        String what = "the " + kind;
        return guard.get(what, guarded(call, what, fallback, question), fallback) && !call.isLate();
    }

    /**
     * Makes a call for which a throw is a way to say no: a dead session throws, and an outage has many of them. So one line
     * tells of it, and none if the call has taken too long, of which one has told.
     */
    boolean saysYes(Kind kind, ResourceHolder<?> holder, String what, Callable<Boolean> code, Runnable onAbandoned) {
        FactoryCall call = newCall(kind, holder, onAbandoned);
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
}
