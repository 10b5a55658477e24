package io.taskmanager.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A call that blocks, made on a thread of its own. */
public final class Background<T> {

    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final Thread thread;

    private Background(Callable<T> call) {
        thread = new Thread(() -> run(call), "background");
        thread.setDaemon(true);
    }

    public static <T> Background<T> start(Callable<T> call) {
        Background<T> background = new Background<>(call);
        background.thread.start();
        return background;
    }

    private void run(Callable<T> call) {
        try {
            outcome.complete(call.call());
        } catch (Throwable e) {
            outcome.completeExceptionally(e);
        }
    }

    public Thread thread() {
        return thread;
    }

    public boolean isDone() {
        return outcome.isDone();
    }

    /** Waits until the thread is parked in the call. */
    public Background<T> parked() {
        Await.waitUntilParked(thread);
        return this;
    }

    /** Waits for what the call returns; throws what it threw. */
    public T value() {
        try {
            return outcome.get(Await.BOUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw Sneaky.rethrow(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the call does not end", e);
        }
    }
}
