package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Hands answers to callbacks, each exactly once and never on the thread that completed the task. */
public final class Callbacks {

    private final Executor executor;
    private final @Nullable ExecutorService owned;
    private final String name;
    private final Guard guard;
    private final ThreadLocal<Boolean> inCallback = ThreadLocal.withInitial(() -> false);

    public Callbacks(Optional<Executor> executor, String name, Guard guard) {
        if (executor.isPresent()) {
            this.owned = null;
            this.executor = executor.get();
        } else {
            ExecutorService own = Threads.callbackExecutor(name);
            this.owned = own;
            this.executor = own;
        }
        this.name = name;
        this.guard = guard;
    }

    /** Calls back once the future is complete. */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told of the error itself
    public <T extends @Nullable Object> void deliver(
            CompletableFuture<T> future, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        future.whenComplete((value, error) ->
                dispatch(() -> guard.run("a callback", () -> callback.accept(value, error))));
    }

    private void dispatch(Runnable callback) {
        // Once: an executor may throw though it has run the callback, or runs it yet, and then it is handed out twice.
        AtomicBoolean called = new AtomicBoolean();
        Runnable marked = () -> {
            if (called.compareAndSet(false, true)) {
                runMarked(callback);
            }
        };
        try {
            executor.execute(marked);
        } catch (Throwable e) {
            // A callback is an answer, so a refusal by the executor must not lose it. Ours refuses after the end alone.
            if (owned == null) {
                guard.report("the callback executor", e);
            }
            Thread thread = Threads.daemon(name).newThread(marked);
            try {
                thread.start();
            } catch (OutOfMemoryError none) {
                marked.run();
            }
        }
    }

    private void runMarked(Runnable callback) {
        inCallback.set(true);
        try {
            callback.run();
        } finally {
            inCallback.remove();
        }
    }

    /**
     * Lets the callbacks under way end, and waits for them within the time given. Where the manager is stopped by one of
     * them, it does not wait: that one can't end before.
     *
     * @return whether none is left
     */
    public boolean close(Duration timeout) {
        if (owned == null) {
            return true;
        }
        owned.shutdown();
        return inCallback.get() || Waits.uninterruptibly(timeout, owned::awaitTermination);
    }
}
