package io.taskmanager.durable.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that may never come back, as one of a database that is frozen: it is made on a thread of its own, so that whoever asks waits
 * for as long as they like. Those that ask while it is under way share its answer. May be used by any thread.
 */
public final class SharedCall<T> {

    private final String threadName;
    private final Supplier<T> call;
    private final Duration givenUpAfter;
    private final LongSupplier nanoTime;

    /** The last one; guarded by this, as is when it began. */
    private @Nullable CompletableFuture<T> answer;

    private long beganNanos;

    /** @param givenUpAfter how long after a call's begin the next one no longer waits for it, as its connection may be dead for ever */
    public SharedCall(String threadName, Supplier<T> call, Duration givenUpAfter) {
        this(threadName, call, givenUpAfter, System::nanoTime);
    }

    SharedCall(String threadName, Supplier<T> call, Duration givenUpAfter, LongSupplier nanoTime) {
        this.threadName = threadName;
        this.call = call;
        this.givenUpAfter = givenUpAfter;
        this.nanoTime = nanoTime;
    }

    /** The answer of the call under way, or else of a new one. */
    public synchronized CompletableFuture<T> ask() {
        CompletableFuture<T> last = answer;
        long now = nanoTime.getAsLong();
        if (last != null && !last.isDone() && now - beganNanos < givenUpAfter.toNanos()) {
            return last;
        }
        CompletableFuture<T> next = new CompletableFuture<>();
        Thread thread = new Thread(() -> answer(next), threadName);
        thread.setDaemon(true);
        thread.start();
        answer = next;
        beganNanos = now;
        return next;
    }

    private void answer(CompletableFuture<T> next) {
        try {
            next.complete(call.get());
        } catch (RuntimeException | Error e) {
            next.completeExceptionally(e);
        }
    }
}
