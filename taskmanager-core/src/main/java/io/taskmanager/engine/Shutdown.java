package io.taskmanager.engine;

import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskOutcome;
import io.taskmanager.engine.lifecycle.Lifecycle;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.resource.Outage;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.StackRoom;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stops and kills a manager.
 *
 * <p>A stop and a kill may run at the same time, in two threads: the kill then answers what the stop was draining, and
 * both wait for the same end and report the same tasks.
 */
final class Shutdown {

    /** Long enough for ever, and small enough to add to a clock reading. */
    static final Duration UNBOUNDED = Duration.ofDays(100L * 365);

    /** How often a stop looks whether it waits in vain. */
    private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

    private final String name;
    private final Duration grace;
    private final EngineParts<?> parts;
    private final Lifecycle lifecycle;
    /** What was when the shutdown began: set once. */
    private final AtomicReference<@Nullable Start> before = new AtomicReference<>();
    /** Counted down when every task that a kill found has ended, and its answer was handed over. */
    private final CountDownLatch allAnswered = new CountDownLatch(1);
    /** What a kill has found in the queue. Only for the one thread that kills. */
    private final List<QueuedTask<?, ?>> killed = new ArrayList<>();
    /** Whether a shutdown has done all that it waits for; what ends later was abandoned. */
    private volatile boolean finished;

    // Made before there may be no memory.
    private final Runnable begin = this::begin;
    private final Runnable endStart = this::endStart;
    private final Runnable cancelWaiting = this::cancelWaiting;
    private final Supplier<List<QueuedTask<?, ?>>> killQueue = this::killQueue;
    private final Supplier<ShutdownReport> awaitKilled = this::awaitKilled;
    private final Supplier<ShutdownReport> finish = this::finish;

    Shutdown(String name, Duration grace, EngineParts<?> parts) {
        this.name = name;
        this.grace = grace;
        this.parts = parts;
        this.lifecycle = parts.lifecycle();
    }

    /**
     * @param totals of the ledger
     * @param ended the tasks that ran yet and had ended
     */
    private record Start(ShutdownReport totals, Set<QueuedTask<?, ?>> ended) {}

    ShutdownReport stop(Duration timeout) {
        refuseOwnTasks("stop");
        Surely.run(begin);
        if (!lifecycle.running2stopping()) {
            throw alreadyDone("stop");
        }
        Surely.run(endStart);
        parts.events().add(Type.STATE_CHANGED, "STOPPING");
        parts.guard().say("stopping: refusing new tasks, draining the queue");
        boolean interrupted = false;
        boolean ended = false;
        try {
            long nanos = timeout.compareTo(UNBOUNDED) < 0 ? timeout.toNanos() : UNBOUNDED.toNanos();
            ended = drain(nanos);
        } catch (InterruptedException e) {
            interrupted = true; // whoever waits for this stop asks for haste
        }
        try {
            return ended ? Surely.get(finish) : killTheRest(interrupted, timeout);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    ShutdownReport kill() {
        refuseOwnTasks("kill");
        if (!lifecycle.live2killed()) {
            throw alreadyDone("kill");
        }
        // After the state: a stop that sees the workers go must know that it was killed, and wait for the answers.
        // Before the queue is closed: that would end a pause.
        List<QueuedTask<?, ?>> unanswered = Surely.get(killQueue);
        Surely.run(begin);
        Surely.run(endStart);
        cancelAll(unanswered);
        parts.events().add(Type.STATE_CHANGED, "KILLED");
        parts.guard().say("killing: every task is cancelled");
        return Surely.get(awaitKilled);
    }

    /** Ends a start that has failed: kills, unless it was stopped or killed before. */
    void abort() {
        if (lifecycle.isRunning()) {
            try {
                ShutdownReport unused = kill();
            } catch (IllegalStateException e) {
                parts.logger().infof("abort: %s", e.getMessage()); // stopped just now
            }
        }
    }

    void close(Duration timeout) {
        if (lifecycle.isRunning()) {
            refuseOwnTasks("close");
            try {
                stop(timeout);
            } catch (IllegalStateException e) {
                // Another thread has begun a shutdown since the check: then there is nothing to do.
                parts.logger().infof("close: %s", e.getMessage());
            }
        }
    }

    /** After an abandoned task, the manager terminates when that returns. */
    TaskManagerState state() {
        if (finished && parts.workers().isEmpty() && parts.pool().isEmpty()) {
            if (lifecycle.shut2terminated()) {
                parts.events().add(Type.STATE_CHANGED, "TERMINATED");
            }
        }
        return lifecycle.state();
    }

    /**
     * Refuses new tasks. Before the state changes, so that whoever sees that it has is refused; a call that then finds
     * another to have come first has only done again what that did.
     */
    private void begin() {
        before.compareAndSet(null, start());
        parts.scaler().stop();
        parts.queue().close();
        parts.pool().close();
        parts.resources().wake();
    }

    private Start start() {
        ShutdownReport totals = parts.ledger().totals();
        // After the totals: who is in those has ended before.
        Set<QueuedTask<?, ?>> ended =
                parts.running().stream().filter(QueuedTask::hasEnded).collect(Collectors.toSet());
        return new Start(totals, ended);
    }

    /** Whoever waits for the start need not. After the state: or he would find a manager that runs, and kill it. */
    private void endStart() {
        parts.resources().firstCreation().cancel(false);
    }

    /**
     * Waits until all has ended, or the time is over. What waits for a resource that can't be had is answered at once: nobody
     * knows when there will be one.
     */
    private boolean drain(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        boolean ended = false;
        long left = nanos;
        do {
            if (parts.isStranded()) {
                Surely.run(cancelWaiting);
            }
            ended = awaitEnd(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
            left = deadline - System.nanoTime();
        } while (!ended && left > 0);
        return ended;
    }

    /** Can be run again where it found no memory: what has been cancelled waits no more. */
    private void cancelWaiting() {
        Outage outage = parts.resources().outage();
        String why = "the manager was stopped while it could create no resource"
                + (outage == null ? "" : " (" + outage.lastError() + ")");
        int count = 0;
        for (QueuedTask<?, ?> task : parts.queue().waiting()) {
            Runnable answer = task.cancelWaiting(why);
            if (answer != null) {
                count++;
                parts.answers().execute(answer);
            }
        }
        if (count > 0) {
            parts.guard()
                    .warn("stopping: no resource can be created, so %d tasks are cancelled that wait for one", count);
        }
    }

    private ShutdownReport killTheRest(boolean interrupted, Duration timeout) {
        if (lifecycle.live2killed()) {
            cancelAll(Surely.get(killQueue));
            parts.events().add(Type.STATE_CHANGED, "KILLED");
            if (interrupted) {
                parts.guard().warn("killing what is left: %s", "interrupted");
            } else {
                parts.guard().warn("killing what is left: not drained within %s", timeout);
            }
        }
        return Surely.get(awaitKilled);
    }

    /** Interrupts the factory first: the destructions that the end of the queue and the pool brings may take their time. */
    private List<QueuedTask<?, ?>> killQueue() {
        parts.resources().interruptCalls();
        parts.queue().kill(killed);
        List<QueuedTask<?, ?>> unanswered = new ArrayList<>(killed);
        // One that has not begun is not accepted yet; should it begin, it finds the kill.
        parts.forEachOnCaller(task -> {
            if (task.isRunning()) {
                unanswered.add(task);
            }
        });
        return unanswered;
    }

    private void cancelAll(List<QueuedTask<?, ?>> unanswered) {
        // All have ended and are interrupted before the first answer may take its time.
        Runnable[] answers = answersFor(unanswered.size());
        for (int i = 0; i < answers.length; i++) {
            answers[i] = unanswered.get(i).kill();
        }
        parts.workers().wakeWaiters();
        parts.pool().interruptFill();
        parts.resources().wake();
        parts.answers().executeAll(answers);
        killed.clear();
        allAnswered.countDown();
    }

    private static Runnable[] answersFor(int count) {
        while (true) {
            try {
                return new Runnable[count];
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private ShutdownReport awaitKilled() {
        if (!Waits.uninterruptibly(grace, this::awaitEnd)) {
            parts.workers().abandon();
            parts.pool().abandon();
        }
        return Surely.get(finish);
    }

    /** Waits until no worker and no resource is left, or a kill has waited for that long enough. */
    private boolean awaitEnd(long timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        return parts.workers().awaitEmpty(deadline - System.nanoTime())
                && parts.pool().awaitEmpty(deadline - System.nanoTime());
    }

    private ShutdownReport finish() {
        if (lifecycle.state() == TaskManagerState.KILLED) {
            // A stop sees the end that a kill in another thread brings about, perhaps before all callers do.
            Waits.uninterruptibly(UNBOUNDED, allAnswered::await);
        }
        if (!parts.answers().close(grace)) {
            parts.logger().errorf("answers are still being handed out after %s: what hangs on a future blocks", grace);
        }
        if (!parts.callbacks().close(grace)) {
            parts.logger().errorf("callbacks are still running after %s; they are left to end by themselves", grace);
        }
        parts.timer().close();
        finished = true;
        ShutdownReport report = report();
        parts.logger().infof("%s: %s", state(), report);
        return report;
    }

    private ShutdownReport report() {
        Start start = Objects.requireNonNull(before.get());
        ShutdownReport then = start.totals();
        // One that was taken and not started is no task that runs.
        List<QueuedTask<?, ?>> running =
                parts.running().stream().filter(task -> task.attempts() > 0).toList();
        long timedOut = count(running, TaskOutcome.TIMED_OUT, start);
        long cancelled = count(running, TaskOutcome.CANCELLED, start);
        // After the look at those, who are counted before they can be seen to have ended.
        ShutdownReport now = parts.ledger().totals();
        return new ShutdownReport(
                now.completed() - then.completed(),
                now.failed() - then.failed() - timedOut,
                now.cancelled() - then.cancelled() - cancelled,
                now.neverStarted() - then.neverStarted(),
                running.size());
    }

    /** Those that were answered since the shutdown began are in the totals, too, and are to be counted once. */
    private static long count(List<QueuedTask<?, ?>> running, TaskOutcome outcome, Start start) {
        return running.stream()
                .filter(task -> task.ending() == outcome && !start.ended().contains(task))
                .count();
    }

    private void refuseOwnTasks(String call) {
        StackRoom.ensure();
        if (Frame.isWithin(parts.guard())) {
            throw new IllegalStateException(call + ": called from within the work of manager \"" + name
                    + "\" (a task, what hangs on its future, a callback run in place, the resource factory, a health check, a"
                    + " listener), which would wait for itself; call it from another thread");
        }
    }

    private IllegalStateException alreadyDone(String call) {
        return new IllegalStateException(call + ": manager \"" + name + "\" is " + state() + " already");
    }
}
