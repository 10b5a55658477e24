package io.taskmanager.engine.support;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Has an action run as soon as another thread interrupts the one that runs user code now: also where that code swallows
 * the interrupt, or blocks in a call that knows none. The JDK tells of an interrupt in just one way, closing the
 * interruptible channel that the thread is blocked on, so this is one that carries nothing.
 *
 * <p>From JDK 24 on, the thread is woken a moment before the action runs.
 *
 * <p>A thread has room for one such channel: one that the user code uses takes this one's place, until {@link #place} is
 * called again.
 */
public final class InterruptHook extends AbstractInterruptibleChannel {

    /** Whether the current thread interrupts another for an end of the engine's own. */
    private static final ThreadLocal<Boolean> UNHEARD = ThreadLocal.withInitial(() -> false);

    private final Runnable onInterrupt;

    /** @param onInterrupt run once, by the interrupting thread and under a lock of the JDK: it must take no other */
    public InterruptHook(Runnable onInterrupt) {
        this.onInterrupt = onInterrupt;
    }

    /**
     * Interrupts a thread without its hook hearing of it: user code that it runs takes too long, and whoever hooked it for
     * what is further up its stack is not meant. That hook hears of no later interrupt, either, since it is used up.
     */
    public static void interruptUnheard(Thread thread) {
        UNHEARD.set(true);
        try {
            thread.interrupt();
        } finally {
            UNHEARD.remove();
        }
    }

    /** Hooks the current thread. An interrupt that has not been noticed yet runs the action here. */
    public void place() {
        begin();
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
        if (isUnheard()) {
            return;
        }
        try {
            onInterrupt.run();
        } catch (OutOfMemoryError e) {
            // Whoever interrupts is anybody, and not to be told. The task has the interrupt all the same.
        }
    }

    /** One of ours has set it, so that this needs no memory; for another, it is not. */
    private static boolean isUnheard() {
        try {
            return UNHEARD.get();
        } catch (OutOfMemoryError e) {
            return false;
        }
    }
}
