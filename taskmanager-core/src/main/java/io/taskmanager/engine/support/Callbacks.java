package io.taskmanager.engine.support;

import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands answers to callbacks, each exactly once and never on a worker: on the executor of the config, else, and also where
 * that refuses, on threads of the manager's own. How many callbacks wait for these or run there is bounded, by refusing
 * calls: one that is refused has its callback called on its own thread, which can't make more meanwhile. After the end there
 * are no such threads, and every call is refused.
 */
public final class Callbacks {

    private static final int THREADS = Math.max(4, Runtime.getRuntime().availableProcessors());

    private final String managerName;
    private final @Nullable Executor users;
    private final AnswerThreads own;
    private final Guard guard;
    private final int limit;
    /** The callbacks that the manager's threads have to call, or will have to: those whose tasks have not ended included. */
    private final AtomicInteger owed = new AtomicInteger();

    /** @param limit how many callbacks may wait for the manager's own threads */
    public Callbacks(String managerName, Optional<Executor> executor, int limit, Guard guard) {
        this.managerName = managerName;
        this.users = executor.orElse(null);
        this.own = new AnswerThreads(managerName + "-callback", THREADS, guard);
        this.limit = limit;
        this.guard = guard;
    }

    /** Takes a callback on, if there is room; for a call that has not been made yet. */
    public <T extends @Nullable Object> Delivery<T> admit(
            BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        Delivery<T> delivery = new Delivery<>(callback);
        delivery.admitted = users == null ? delivery.claimRoom() : owed.get() < limit;
        return delivery;
    }

    /** What a call is told for whose callback there is no room. */
    public TaskRejectedException rejection() {
        return new TaskRejectedException(
                Reason.QUEUE_FULL,
                "too many callbacks of manager \"" + managerName + "\" wait: callbacks=" + owed.get() + ", limit="
                        + limit
                        + "; make them quicker, queue fewer tasks at a time, or set a callbackExecutor with more threads");
    }

    private boolean tryOwe() {
        int before = owed.get();
        while (before < limit) {
            if (owed.compareAndSet(before, before + 1)) {
                return true;
            }
            before = owed.get();
        }
        return false;
    }

    /**
     * Lets the manager's threads call back what they have, and waits for them within the time given. Called by a callback, it
     * does not wait: that one can't end before.
     *
     * @return whether none is left
     */
    public boolean close(Duration timeout) {
        return own.close(timeout);
    }

    /**
     * One callback and its answer. Whoever sets {@link #called} calls back, or withdraws it: an executor may throw though it
     * has run the callback, or runs it yet.
     *
     * <p>All that is needed when the answer comes is made before, since a worker that has no memory for it could tell nobody.
     */
    public final class Delivery<T extends @Nullable Object>
            implements BiConsumer<@Nullable T, @Nullable Throwable>, Runnable {

        private final BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback;
        private final Guard.Action call = this::callBack;
        private final AtomicBoolean called = new AtomicBoolean();
        // Both are written before the call is made, and not after.
        private boolean admitted;
        private boolean claimed;
        // Written before it is handed to an executor.
        private @Nullable T value;
        private @Nullable Throwable error;

        private Delivery(BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
            this.callback = callback;
        }

        private boolean claimRoom() {
            claimed = tryOwe();
            return claimed;
        }

        /** Whether the call may be made; else it is to be answered with {@link #rejection}. */
        public boolean isAdmitted() {
            return admitted;
        }

        /** Calls back once the future is complete; now and here, if the call was not admitted. */
        @SuppressWarnings("FutureReturnValueIgnored") // the callback is told of the error itself
        public void await(CompletableFuture<T> future) {
            future.whenComplete(this);
        }

        /** Calls nobody back: the call has thrown. */
        public void withdraw() {
            if (called.compareAndSet(false, true)) {
                leaveRoom();
            }
        }

        @Override
        public void accept(@Nullable T newValue, @Nullable Throwable newError) {
            value = newValue;
            error = newError;
            if (admitted) {
                dispatch(this);
            } else {
                run();
            }
        }

        @Override
        public void run() {
            if (called.compareAndSet(false, true)) {
                try {
                    guard.runApart("a callback", call);
                } finally {
                    leaveRoom();
                }
            }
        }

        private void callBack() {
            callback.accept(value, error);
        }

        private void leaveRoom() {
            if (claimed) {
                owed.decrementAndGet();
            }
        }
    }

    private void dispatch(Runnable delivery) {
        if (users == null) {
            own.execute(delivery);
            return;
        }
        try {
            users.execute(delivery);
        } catch (Throwable e) {
            owed.incrementAndGet(); // before it is told: whoever has read that is refused if there are too many
            guard.report("the callback executor", e);
            stepIn(delivery);
        }
    }

    /** Calls back what the user's executor has refused: its task was accepted, and it must not be lost. It is counted. */
    private void stepIn(Runnable delivery) {
        Runnable paid;
        try {
            paid = () -> {
                try {
                    delivery.run();
                } finally {
                    owed.decrementAndGet();
                }
            };
        } catch (OutOfMemoryError e) {
            owed.decrementAndGet();
            paid = delivery;
        }
        own.execute(paid);
    }
}
