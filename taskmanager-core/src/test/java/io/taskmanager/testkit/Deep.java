package io.taskmanager.testkit;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls from ever deeper in the stack, until there is no more of it: at each depth, over many threads. */
public final class Deep {

    private static final int THREADS = 50; // one for each offset
    private static final int FRAMES_BETWEEN_CALLS = 50;
    private static final long PATIENCE_MILLIS = 30_000;

    private final Runnable call;
    private final AtomicInteger overflows = new AtomicInteger();

    private Deep(Runnable call) {
        this.call = call;
    }

    /** @param call may throw a {@link StackOverflowError}; each thread must come to one, which is seen to */
    public static void callAtEachDepth(Runnable call) throws InterruptedException {
        Deep deep = new Deep(call);
        for (int i = 0; i < THREADS; i++) {
            int offset = i % FRAMES_BETWEEN_CALLS;
            Thread caller = new Thread(null, () -> deep.descend(offset), "deep", 256 * 1024);
            caller.setDaemon(true);
            caller.start();
            caller.join(PATIENCE_MILLIS);
            if (caller.isAlive()) {
                throw new AssertionError("one hangs: " + List.of(caller.getStackTrace()));
            }
        }
        if (deep.overflows.get() < THREADS) {
            throw new AssertionError("only " + deep.overflows + " of " + THREADS + " came to the end of their stack");
        }
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private void descend(int framesToNextCall) {
        if (framesToNextCall == 0) {
            try {
                call.run();
            } catch (StackOverflowError e) {
                overflows.incrementAndGet();
                return;
            }
        }
        try {
            descend(framesToNextCall == 0 ? FRAMES_BETWEEN_CALLS : framesToNextCall - 1);
        } catch (StackOverflowError e) {
            // Between two calls. That is also where a call ends that is compiled into this method: the JVM wants the
            // room that the call asks for when this method is entered. The first frame with room to count it does.
            overflows.incrementAndGet();
        }
    }
}
