package io.taskmanager.model;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes all the heap that there is for a moment, now and then, as another part of a user's process may. */
final class HeapHog extends Thread {

    /** How long nobody finds memory. Each attempt of anybody in that time costs a garbage collection. */
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int LARGEST = 1 << 16;
    private static final int LARGEST_CRUMB = 1 << 10;
    private static final int SMALLEST = 4;
    private static final int SHRINKING = 16;

    private final long seconds;
    private final AtomicInteger times = new AtomicInteger();
    private volatile boolean over;

    /** @param seconds from one moment to the next; 0 for none at all */
    HeapHog(long seconds) {
        super("soak-hog");
        this.seconds = seconds;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            TimeUnit.MILLISECONDS.sleep(seconds * 750); // so as to be out of step with the soak's reports
            while (seconds > 0 && !over) {
                eat();
                TimeUnit.SECONDS.sleep(seconds);
            }
        } catch (InterruptedException e) {
            // This is the end.
        }
    }

    /** Each piece holds the one before, so that to keep them takes no memory. */
    private void eat() {
        Object[] pieces = null;
        int size = LARGEST;
        int full = 0;
        long end = Long.MAX_VALUE;
        while (System.nanoTime() - end < 0 || full == 0) {
            try {
                Object[] piece = new Object[size];
                piece[0] = pieces;
                pieces = piece;
            } catch (OutOfMemoryError e) {
                if (size > SMALLEST) {
                    size /= SHRINKING;
                } else {
                    size = LARGEST_CRUMB; // what others have left behind meanwhile
                    end = full++ == 0 ? System.nanoTime() + MOMENT_NANOS : end;
                }
            }
        }
        times.incrementAndGet();
    }

    /** How often there was no heap. */
    int times() {
        return times.get();
    }

    /** Ends this for good. */
    void end() {
        over = true;
        interrupt();
        boolean interrupted = false;
        while (isAlive()) {
            try {
                join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            currentThread().interrupt();
        }
    }
}
