package io.taskmanager.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** What one call brought, however it was made: a value, or the very throwable that the form reports. */
public final class Answer<T> {

    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final AtomicInteger deliveries = new AtomicInteger();
    private volatile Thread deliverer;
    private volatile Thread caller;
    private volatile CompletableFuture<T> future;

    /** Notes an answer; the first one counts, and each is counted. */
    void deliver(T value, Throwable error) {
        deliverer = Thread.currentThread();
        deliveries.incrementAndGet();
        if (error != null) {
            outcome.completeExceptionally(new Reported(error));
        } else {
            outcome.complete(value);
        }
    }

    void madeBy(Thread thread) {
        caller = thread;
    }

    void madeWith(CompletableFuture<T> made) {
        future = made;
        var unused = made.whenComplete(this::deliver);
    }

    /** Waits for the value; fails if the call was answered with an error. */
    public T value() {
        try {
            return outcome.get(Await.BOUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("answered with an error", e.getCause().getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("not answered", e);
        }
    }

    /** Waits for the error; fails if the call was answered with a value. */
    public Throwable error() {
        try {
            throw new AssertionError(
                    "answered with a value: " + outcome.get(Await.BOUND.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            return e.getCause().getCause();
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("not answered", e);
        }
    }

    /** Waits for the error, which must be of exactly this type. */
    public <X extends Throwable> X error(Class<X> type) {
        Throwable error = error();
        assertThat(error).isExactlyInstanceOf(type);
        return type.cast(error);
    }

    /** Waits for the answer, whatever it is. */
    public void await() {
        Await.until("an answer", this::isDone);
    }

    public boolean isDone() {
        return outcome.isDone();
    }

    public boolean isError() {
        return outcome.isCompletedExceptionally();
    }

    /** How often an answer was delivered. */
    public int deliveries() {
        return deliveries.get();
    }

    /** The thread that delivered the answer. */
    public Thread deliverer() {
        return deliverer;
    }

    /** The thread that waits in a blocking call. */
    public Thread caller() {
        return caller;
    }

    /** The future of an async call. */
    public CompletableFuture<T> future() {
        return future;
    }

    /** Keeps reported errors apart from the future's own wrapping. */
    private static final class Reported extends Exception {
        private static final long serialVersionUID = 1L;

        Reported(Throwable error) {
            super(error);
        }
    }
}
