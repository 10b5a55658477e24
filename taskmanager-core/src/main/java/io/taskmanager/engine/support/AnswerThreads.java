package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands out answers on threads of their own: what hangs on a future that a timeout or a kill completes, and callbacks. This
 * is user code, may block, and may wait for other answers.
 *
 * <p>Each has a virtual thread, where Java has those, else one of a few daemon threads of a {@link GrowingPool}. Each finds
 * its thread as the first did, whatever others have made of it. There is no thread while there is nothing to do.
 */
public final class AnswerThreads implements Executor {

    private static final Duration STALL = Duration.ofSeconds(1);

    private final ExecutorService executor;
    private final Guard guard;
    /** Set on the threads of this, and on no other. */
    private final ThreadLocal<@Nullable ThreadIdentity> identity = new ThreadLocal<>();

    /**
     * @param prefix of the threads' names, before a hyphen and a number
     * @param threads how many there are at most where Java has no virtual ones, unless all are stuck
     */
    public AnswerThreads(String prefix, int threads, Guard guard) {
        this(Threads.CAN_BE_VIRTUAL ? virtual(prefix) : platform(prefix, threads, STALL, guard), guard);
    }

    AnswerThreads(ExecutorService executor, Guard guard) {
        this.executor = executor;
        this.guard = guard;
    }

    static ExecutorService virtual(String prefix) {
        return Threads.threadPerTask(Threads.virtual(prefix));
    }

    /** @param stall after how long without an end one more thread is allowed */
    static ExecutorService platform(String prefix, int threads, Duration stall, Guard guard) {
        return new GrowingPool(
                threads, stall, Threads.numberedDaemon(prefix), Threads.daemon(prefix + "-watch"), guard);
    }

    /**
     * Hands out an answer on another thread, once; here, where none can be had or after {@link #close}, since late is better
     * than never. Throws nothing.
     */
    @Override
    public void execute(Runnable answer) {
        AtomicReference<@Nullable Runnable> unanswered = null;
        try {
            unanswered = new AtomicReference<>(answer);
            hand(unanswered);
        } catch (Throwable e) {
            // Perhaps the executor has taken it, and then found no memory for the thread: who gets it first runs it.
            run(unanswered == null ? answer : unanswered.getAndSet(null));
        }
    }

    /** Hands out many answers, each as {@link #execute} does; the array is this object's from here on. Throws nothing. */
    public void executeAll(Runnable[] answers) {
        if (!(executor instanceof GrowingPool pool)) {
            for (Runnable answer : answers) {
                execute(answer);
            }
            return;
        }
        Share share = null;
        try {
            share = new Share(pool, answers);
            pool.execute(share);
        } catch (Throwable e) {
            if (share == null) {
                for (Runnable answer : answers) {
                    run(answer);
                }
            } else {
                share.handOutAll(); // also if the pool has taken it: each answer is claimed by one
            }
        }
    }

    /**
     * Many answers for few threads. Each that takes part claims one after the other, for a moment; before that it has put this
     * back into the pool's queue. So while an answer takes its time, another thread hands out those behind it, and the pool
     * gets one more thread where all are stuck, as it does with single answers.
     */
    private final class Share implements Runnable {

        private static final int MOST_AT_ONCE = 256;
        private static final long MOMENT_NANOS = 1_000_000;

        private final GrowingPool pool;
        private final Runnable[] answers;
        private final AtomicInteger next = new AtomicInteger();

        Share(GrowingPool pool, Runnable[] answers) {
            this.pool = pool;
            this.answers = answers;
        }

        @Override
        public void run() {
            ThreadIdentity mine = identify();
            boolean handedOn = handOn();
            long until = System.nanoTime() + MOMENT_NANOS;
            int count = 0;
            while (handOutNext()) {
                Thread.interrupted(); // what it leaves behind is not for the next
                if (mine != null) {
                    mine.restore();
                }
                count++;
                if (handedOn && (count == MOST_AT_ONCE || System.nanoTime() - until >= 0)) {
                    return;
                }
            }
        }

        /** False if this thread is to hand out all that is left. */
        private boolean handOn() {
            if (next.get() >= answers.length) {
                return false;
            }
            try {
                pool.executeNext(this);
                return true;
            } catch (OutOfMemoryError e) {
                return false;
            }
        }

        void handOutAll() {
            while (handOutNext()) {
                continue;
            }
        }

        private boolean handOutNext() {
            int index = next.getAndIncrement();
            if (index >= answers.length) {
                return false;
            }
            AnswerThreads.this.run(answers[index]);
            return true;
        }
    }

    private void hand(AtomicReference<@Nullable Runnable> unanswered) {
        executor.execute(() -> {
            ThreadIdentity mine = identify();
            run(unanswered.getAndSet(null));
            if (mine != null) {
                mine.restore(); // an interrupt that is left over is cleared by the pool
            }
        });
    }

    /** On a thread of this; null if there is no memory for it, and then the answer is handed out without. */
    private @Nullable ThreadIdentity identify() {
        try {
            ThreadIdentity mine = identity.get();
            if (mine == null) {
                mine = new ThreadIdentity();
                identity.set(mine);
            }
            return mine;
        } catch (OutOfMemoryError e) {
            return null;
        }
    }

    private void run(@Nullable Runnable answer) {
        if (answer == null) {
            return; // another thread has it
        }
        try {
            answer.run();
        } catch (Throwable e) {
            guard.report("an answer", e);
        }
    }

    /**
     * Takes no more, and waits until all are handed out, or the time is over; says which. Called by one of them, it does
     * not wait, since that one can't end before.
     */
    public boolean close(Duration timeout) {
        executor.shutdown();
        return identity.get() != null || Waits.uninterruptibly(timeout, executor::awaitTermination);
    }
}
