package io.taskmanager.engine.support;

import io.taskmanager.Logger;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Calls user code, which may throw anything; each throw is logged once and goes no further. An interrupt that the user
 * code answered with {@link InterruptedException} is kept in the thread's status.
 *
 * <p>Nothing is thrown from here, whatever has become of the memory or the stack: callers have locks and counts to settle.
 * Where there is none left even to log a throw, it goes unsaid, since there is nothing more that could be done.
 */
public final class Guard {

    private final Logger logger;

    /** @param logger one that does not throw */
    public Guard(Logger logger) {
        this.logger = logger;
    }

    /** Runs user code that is part of the manager's work: while it runs, the thread is {@linkplain Frame within} that. */
    public void run(String what, Action action) {
        try {
            boolean entered = enter();
            try {
                action.run();
            } catch (Throwable e) {
                log(what, e);
            } finally {
                leave(entered);
            }
        } catch (Throwable unsaid) {
            // see above
        }
    }

    /** Calls user code that is part of the manager's work, or gives the fallback where it throws. */
    public <T> T get(String what, Callable<? extends T> call, T fallback) {
        try {
            boolean entered = enter();
            try {
                return call.call();
            } catch (Throwable e) {
                log(what, e);
            } finally {
                leave(entered);
            }
        } catch (Throwable unsaid) {
            // see above
        }
        return fallback;
    }

    /** False where the thread is within already. Where there is no memory for it, this waits: the code may ask. */
    private boolean enter() {
        while (true) {
            try {
                if (Frame.isWithin(this)) {
                    return false;
                }
                Frame.enter(this);
                return true;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private static void leave(boolean entered) {
        if (entered) {
            Frame.leave();
        }
    }

    /** Runs user code for which the manager does not wait. */
    public void runApart(String what, Action action) {
        try {
            try {
                action.run();
            } catch (Throwable e) {
                log(what, e);
            }
        } catch (Throwable unsaid) {
            // see above
        }
    }

    /** Logs what user code threw, if there is memory for it; for callers that must catch it themselves. */
    public void report(String what, Throwable e) {
        try {
            log(what, e);
        } catch (Throwable unsaid) {
            // see above
        }
    }

    private void log(String what, Throwable e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        try {
            logger.errorf("%s threw %s", what, describe(e), e);
        } catch (Throwable unsaid) {
            // Whoever called the user code is to go on, also where nothing can be said about it.
        }
    }

    /** Logs what happens, if there is memory for it. */
    public void say(String message) {
        try {
            logger.infof(message);
        } catch (Throwable unsaid) {
            // see above
        }
    }

    /** Logs what needs attention, if there is memory for it. */
    public void warn(String format, Object argument) {
        try {
            logger.warnf(format, argument);
        } catch (Throwable unsaid) {
            // see above
        }
    }

    /** What a throwable says of itself; its class, where even that throws, since its message is user code, too. */
    public static String describe(Throwable e) {
        try {
            return e.toString();
        } catch (Throwable inItsMessage) {
            return e.getClass().getName();
        }
    }

    /** Logs where a task is that does not heed its interrupt. */
    public void stuck(String task, Thread thread, Duration grace) {
        stuckIn("task \"" + task + "\"", thread, grace);
    }

    /** Logs where user code is that does not heed its interrupt. */
    public void stuckIn(String what, Thread thread, Duration grace) {
        try {
            Throwable stack = new Throwable("stack of " + thread.getName());
            stack.setStackTrace(thread.getStackTrace());
            logger.errorf("%s has ignored its interrupt for %s", what, grace, stack);
        } catch (Throwable unsaid) {
            // see above
        }
    }

    /** User code without a result. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }
}
