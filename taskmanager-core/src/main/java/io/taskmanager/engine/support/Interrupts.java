package io.taskmanager.engine.support;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What user code makes of an interrupt of its thread. */
public final class Interrupts {

    /** Deep enough for any library, and an end for causes in a circle. */
    private static final int DEPTH = 16;

    private Interrupts() {}

    /**
     * Whether an error was thrown since its thread was interrupted: it, or what caused it, says so. What a future failed with
     * was another thread's. Throws nothing.
     */
    public static boolean areToldBy(Throwable error) {
        try {
            Throwable cause = error;
            for (int depth = 0; cause != null && depth < DEPTH; depth++) {
                if (cause instanceof InterruptedException) {
                    return true;
                }
                if (cause instanceof ExecutionException || cause instanceof CompletionException) {
                    return false;
                }
                cause = cause.getCause();
            }
        } catch (Throwable inItsCause) {
            // User code, too; then it tells nothing.
        }
        return false;
    }

    /** Such an error as the exception that its caller expects. */
    public static InterruptedException of(Throwable error, String message) {
        if (error instanceof InterruptedException itself) {
            return itself;
        }
        InterruptedException interrupt = new InterruptedException(message);
        interrupt.initCause(error);
        return interrupt;
    }
}
