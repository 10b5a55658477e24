package io.taskmanager.engine.queue;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.engine.support.Surely;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The future of a task's caller: the task answers it, or its caller completes it by hand, which cancels the task. */
abstract class Answer<T extends @Nullable Object> extends CompletableFuture<T> {

    /** Stands for a null that a task has returned. */
    private static final Object NULL = new Object();

    /** Whether the JDK wraps the exception of a cancelled future in another; where it does not, the cause is its user's. */
    private static final boolean WRAPS = Runtime.version().feature() >= 23;

    /**
     * The task, until it has ended: a future that is kept does not keep what its task refers to. Then null, or what {@link #keep}
     * was given: one field, since there may be so many of these. Racy, but for the runner.
     */
    @Nullable
    Object taskOrResult;

    /** Cancels a task whose future is completed by others. Says what the canceller has left to do; null if it had ended. */
    @Nullable
    abstract Runnable endUnanswered();

    /**
     * The future is complete after this. What hangs on it may want memory that there is none of; what has not been told yet is
     * told by the next call.
     */
    final void completeWith(@Nullable T value) {
        while (true) {
            try {
                super.complete(value);
                return;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    /**
     * Keeps a result for the caller who has run the task on his own thread and asks {@link #kept} next. Nobody else has this
     * future, so it need not be completed.
     */
    final void keep(@Nullable T value) {
        taskOrResult = value == null ? NULL : value;
    }

    /** Of a task that has ended. */
    final boolean hasKept() {
        return taskOrResult != null;
    }

    /** By the thread that has kept it. */
    @SuppressWarnings({"unchecked", "NullAway"}) // null where T is
    final T kept() {
        return taskOrResult == NULL ? null : (T) taskOrResult;
    }

    final void failWith(Throwable error) {
        while (true) {
            try {
                super.completeExceptionally(error);
                return;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    // Whoever completes the future in another way cancels the task: no worker works for an answer that nobody awaits.
    // One who comes after the task has ended comes too late, also where its answer is yet to be given: books and
    // future agree.

    @Override
    public boolean complete(T value) {
        Runnable rest = endUnanswered();
        if (rest == null) {
            return false;
        }
        try {
            return super.complete(value);
        } finally {
            rest.run();
        }
    }

    @Override
    public boolean completeExceptionally(Throwable error) {
        Objects.requireNonNull(error, "error");
        Runnable rest = endUnanswered();
        if (rest == null) {
            return false;
        }
        try {
            return super.completeExceptionally(error);
        } finally {
            rest.run();
        }
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        Objects.requireNonNull(supplier, "supplier");
        executor.execute(() -> {
            if (isDone()) {
                return;
            }
            try {
                complete(supplier.get());
            } catch (Throwable e) {
                completeExceptionally(e);
            }
        });
        return this;
    }

    @Override
    public void obtrudeValue(T value) {
        Runnable rest = endUnanswered();
        try {
            super.obtrudeValue(value);
        } finally {
            if (rest != null) {
                rest.run();
            }
        }
    }

    @Override
    public void obtrudeException(Throwable error) {
        Runnable rest = endUnanswered();
        try {
            super.obtrudeException(error);
        } finally {
            if (rest != null) {
                rest.run();
            }
        }
    }

    // From Java 23 on, these wrap. Ours is thrown itself on any Java, so that a caller matches its type.

    @Override
    public T get() throws InterruptedException, ExecutionException {
        try {
            return super.get();
        } catch (CancellationException e) {
            throw unwrapped(e);
        }
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return super.get(timeout, unit);
        } catch (CancellationException e) {
            throw unwrapped(e);
        }
    }

    @Override
    public T join() {
        try {
            return super.join();
        } catch (CancellationException e) {
            throw unwrapped(e);
        }
    }

    @Override
    public T getNow(T valueIfAbsent) {
        try {
            return super.getNow(valueIfAbsent);
        } catch (CancellationException e) {
            throw unwrapped(e);
        }
    }

    private static CancellationException unwrapped(CancellationException thrown) {
        return WRAPS && thrown.getCause() instanceof TaskCancelledException own ? own : thrown;
    }

    /** What it failed with, as the future told it. All failures that the engine gives are unchecked. */
    static RuntimeException failure(Exception told) {
        Throwable failure = told instanceof ExecutionException ? told.getCause() : told;
        return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
    }
}
