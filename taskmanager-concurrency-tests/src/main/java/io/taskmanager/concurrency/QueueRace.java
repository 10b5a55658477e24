package io.taskmanager.concurrency;

import io.taskmanager.Task;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.TaskQueue.Admission;
import io.taskmanager.engine.queue.TaskTerms;
import io.taskmanager.engine.queue.TimeLimits;
import io.taskmanager.engine.queue.WorkerSlot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** The real queue, with room for one task, and one real task to race for. */
abstract class QueueRace {

    static final TimeLimits TIMED = new TimeLimits(Duration.ofSeconds(1), Duration.ofSeconds(1), null, 0);
    static final Duration BACKOFF = Duration.ofSeconds(1);

    private static final TaskOptions OPTIONS = TaskOptions.builder().build();
    private static final Task<Object, Object> NOTHING = (context, resource) -> "";

    final StillTimer timer = new StillTimer();
    final Books books = new Books();
    final Ledger ledger = new Ledger(Quiet.METRICS, books, null, Quiet.GUARD);
    final AtomicInteger drained = new AtomicInteger();
    final TaskQueue queue =
            new TaskQueue("race", Quiet.GUARD, 1, 1, 0, timer, Runnable::run, ledger, drained::incrementAndGet);
    final CountingAttempt attempt = new CountingAttempt();
    final QueuedTask<Object, Object> task;
    /** Takes the task, once it is {@link #taken}. */
    final WorkerSlot worker = seat();

    QueueRace(TimeLimits limits) {
        task = newTask(NOTHING, limits);
    }

    final QueuedTask<Object, Object> newTask(Task<Object, Object> does, TimeLimits limits) {
        return new QueuedTask<>(new TaskTerms(queue, TaskLane.MAIN, OPTIONS, 3, limits), does, null);
    }

    final void offered() {
        require(queue.offer(task) == Admission.ACCEPTED);
    }

    /** A worker has taken the task. */
    final void taken() {
        offered();
        require(queue.workers().take(worker) == task);
    }

    /** A worker has started the task. */
    final void running() {
        taken();
        require(task.waiting2running(attempt, 0));
    }

    final WorkerSlot seat() {
        return seat(() -> false);
    }

    /** A worker that retires when told. */
    final WorkerSlot seat(BooleanSupplier retires) {
        return new WorkerSlot() {
            @Override
            protected boolean hasOtherWork() {
                return retires.getAsBoolean();
            }
        };
    }

    /** Runs the task as a caller that has borrowed this worker, if it could. */
    final boolean runOn(WorkerSlot borrowed) {
        return runOn(borrowed, task);
    }

    final boolean runOn(WorkerSlot borrowed, QueuedTask<?, Object> mine) {
        if (borrowed == null) {
            return false;
        }
        if (mine.waiting2running(attempt, 0)) {
            mine.succeed("", 0);
        }
        queue.workers().release(borrowed, mine);
        return true;
    }

    final WorkerSlot borrow() {
        return borrow(task);
    }

    final WorkerSlot borrow(QueuedTask<?, ?> mine) {
        try {
            return queue.workers().claim(mine);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kills the queue; gives what was found. */
    final List<QueuedTask<?, ?>> killed() {
        List<QueuedTask<?, ?>> found = new ArrayList<>();
        queue.kill(found);
        return found;
    }

    static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("the race could not be set up");
        }
    }

    /** For a worker that does not wait: it retires when nothing is left to take. */
    final boolean nothingToTake() {
        TaskQueue.Counts counts = queue.counts();
        return counts.main() + counts.priority() + counts.retrying() == 0;
    }

    /** Takes and ends what is left, as the workers of a closed queue do; says how many tasks that were. */
    final int drain() {
        int count = 0;
        WorkerSlot seat = seat();
        QueuedTask<?, ?> next = queue.workers().take(seat);
        while (next != null) {
            count++;
            next = queue.workers().take(seat);
        }
        return count;
    }

    /** How the task ended, where its caller and the books agree. */
    final String end() {
        String booked = books.ends();
        // Booked first, and a timeout is told on a thread of its own.
        String told = booked.equals(Books.NONE) && !task.isDone()
                ? Books.NONE
                : task.handle(QueueRace::kind).join();
        return told.equals(booked) ? told : "told " + told + " booked " + booked;
    }

    private static String kind(Object value, Throwable error) {
        if (error == null) {
            return "COMPLETED";
        }
        if (error instanceof TaskTimeoutException) {
            return "TIMED_OUT";
        }
        if (error instanceof TaskRejectedException) {
            return "REJECTED";
        }
        return error instanceof CancellationException ? "CANCELLED" : "FAILED";
    }

    /** "empty" if no lane holds a task. */
    final String lanes() {
        TaskQueue.Counts counts = queue.counts();
        boolean empty = counts.equals(new TaskQueue.Counts(0, 0, 0, 0, 0, counts.accepted(), false))
                && queue.running().isEmpty();
        return empty ? "empty" : counts.toString();
    }
}
