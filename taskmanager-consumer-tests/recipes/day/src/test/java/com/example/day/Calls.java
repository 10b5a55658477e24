package com.example.day;

import com.example.day.Condition.Phase;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.RetriesExhaustedException;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskTimeoutException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The calls of one manager, and their answers: one each. */
final class Calls {

    enum Form {
        CALLBACK,
        FUTURE,
        BLOCKING,
        RUN_TASK
    }

    private final Side<?> side;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final Set<Call> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Map<Form, Long>> outcomes = new TreeMap<>();
    private volatile Return last = new Return();

    Calls(Side<?> side) {
        this.side = side;
    }

    /** The moment since which the work is to go on, and the first successes since. */
    static final class Return {
        final long atNanos = System.nanoTime();
        final CountDownLatch first = new CountDownLatch(1);
        final Map<Form, Long> successes = new ConcurrentHashMap<>();
    }

    Return returned() {
        Return now = new Return();
        last = now;
        return now;
    }

    Call ask(Form form) {
        Call call = new Call(form, asked.incrementAndGet(), side.condition);
        open.add(call);
        return call;
    }

    final class Call {
        final Form form;
        final long number;
        private final Condition condition;
        private final AtomicBoolean answered = new AtomicBoolean();
        /** Of the last attempt. */
        volatile long startedNanos;

        private Call(Form form, long number, Condition condition) {
            this.form = form;
            this.number = number;
            this.condition = condition;
        }

        void answer(Throwable error) {
            if (!answered.compareAndSet(false, true)) {
                side.violated("a second answer to " + this + ": " + error);
                return;
            }
            open.remove(this);
            count(form, outcome(error));
            if (error == null) {
                succeeded(this);
            } else if (condition.phase() == Phase.CALM && side.condition == condition && !isOwn(error)) {
                count(form, "failed in calm: " + error.getClass().getSimpleName());
                side.violated("in calm failed " + this + " with " + error + ", " + error.getCause());
            }
        }

        @Override
        public String toString() {
            return form + " " + number + " of " + condition;
        }
    }

    private void succeeded(Call call) {
        done.incrementAndGet();
        Return since = last;
        if (call.startedNanos - since.atNanos >= 0) {
            since.successes.putIfAbsent(call.form, System.nanoTime());
            since.first.countDown();
        }
    }

    private synchronized void count(Form form, String outcome) {
        outcomes.computeIfAbsent(outcome, any -> new EnumMap<>(Form.class)).merge(form, 1L, Long::sum);
    }

    private static boolean isOwn(Throwable error) {
        return error instanceof CancellationException || error.getCause() instanceof OwnError;
    }

    private String outcome(Throwable error) {
        if (error == null) {
            return "success";
        } else if (error.getCause() instanceof OwnError) {
            return "the task's own error";
        } else if (error instanceof RetriesExhaustedException) {
            return "retries exhausted";
        } else if (error instanceof TaskExecutionException) {
            return "the session's error";
        } else if (error instanceof TaskTimeoutException) {
            return "timeout";
        } else if (error instanceof ResourceCreationException) {
            return "no session can be had";
        } else if (error instanceof TaskRejectedException rejected) {
            return "refused, " + rejected.reason();
        } else if (error instanceof TaskCancelledException || error instanceof CancellationException) {
            return "cancelled";
        }
        side.violated("an answer of a kind that nobody knows: " + error);
        return "unknown";
    }

    long asked() {
        return asked.get();
    }

    /** How many have succeeded. */
    long done() {
        return done.get();
    }

    Set<Call> open() {
        return open;
    }

    synchronized String table() {
        StringBuilder table = new StringBuilder(String.format("  %-44s", asked + " calls"));
        for (Form form : Form.values()) {
            table.append(String.format("%10s", form));
        }
        outcomes.forEach((outcome, counts) -> {
            table.append(String.format("%n  %-44s", outcome));
            for (Form form : Form.values()) {
                table.append(String.format("%10d", counts.getOrDefault(form, 0L)));
            }
        });
        return table.toString();
    }

    /** What a task throws that has nothing to do with its session. */
    static final class OwnError extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
