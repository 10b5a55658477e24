package io.taskmanager.engine.support;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Has an action run as soon as another thread interrupts the one that runs user code now: also where that code swallows
 * the interrupt, or blocks in a call that knows none. The JDK tells of an interrupt in just one way, closing the
 * interruptible channel that the thread is blocked on, so this is one that carries nothing.
 *
 * <p>From JDK 24 on, the thread is woken a moment before the action runs. Code that swallows the interrupt and ends within
 * that moment is not noticed; one that threw {@link InterruptedException} can {@link #await} the action.
 *
 * <p>A thread has room for one such channel: one that the user code uses takes this one's place, until {@link #place} is
 * called again.
 */
public final class InterruptHook extends AbstractInterruptibleChannel {

    private static final boolean IS_TOLD_LATE = Runtime.version().feature() >= 24;
    /** Far longer than an interrupting thread takes from the one to the other, even where it is kept from running. */
    private static final Duration LATEST = Duration.ofMillis(100);

    private final Runnable onInterrupt;
    private final @Nullable CountDownLatch ran = IS_TOLD_LATE ? new CountDownLatch(1) : null;

    /** @param onInterrupt run once, by the interrupting thread and under a lock of the JDK: it must take no other */
    public InterruptHook(Runnable onInterrupt) {
        this.onInterrupt = onInterrupt;
    }

    /**
     * Hooks the current thread. An interrupt that has not been noticed yet runs the action here; up to JDK 23, one that
     * is under way has run it when this returns.
     */
    public void place() {
        begin();
    }

    /** Waits for the action of an interrupt that has just woken the current thread; returns in vain if there was none. */
    public void await() {
        if (ran != null) {
            place(); // perhaps a channel had taken it
            boolean unused = Waits.uninterruptibly(LATEST, ran::await);
        }
    }

    /** Unhooks the current thread: the action does not run after this. */
    public void remove() {
        try {
            end(true);
        } catch (AsynchronousCloseException e) {
            // Says that the action has run, which that has told itself.
        }
    }

    @Override
    protected void implCloseChannel() {
        onInterrupt.run();
        if (ran != null) {
            ran.countDown();
        }
    }
}
