package io.taskmanager.engine.support;

import io.taskmanager.Logger;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Warns, once for a manager, of a blocking call by a thread that must not block, such as the event loop of a server, which
 * serves many connections. These are known as Reactor knows them: by an interface of theirs, whose name is looked for, since
 * that library need not be there.
 */
public final class NonBlockingThreads {

    private static final String MARK = "reactor.core.scheduler.NonBlocking";

    private static final ClassValue<Boolean> MARKED = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return isMarked(type);
        }
    };

    private final String managerName;
    private final Logger logger;
    private final AtomicBoolean warned = new AtomicBoolean();

    public NonBlockingThreads(String managerName, Logger logger) {
        this.managerName = managerName;
        this.logger = logger;
    }

    private static boolean isMarked(Class<?> type) {
        if (type.getName().equals(MARK)) {
            return true;
        }
        for (Class<?> parent : type.getInterfaces()) {
            if (isMarked(parent)) {
                return true;
            }
        }
        return type.getSuperclass() != null && isMarked(type.getSuperclass());
    }

    /** Before a call that blocks the current thread. */
    public void check() {
        Thread current = Thread.currentThread();
        if (current.getClass() != Thread.class
                && MARKED.get(current.getClass())
                && !warned.get()
                && warned.compareAndSet(false, true)) {
            logger.warnf(
                    "a blocking form of manager \"%s\" was called by the thread \"%s\", which must not block: while it waits,"
                            + " or runs the task, it serves nobody else; use an async form there. This is said once",
                    managerName, current.getName());
        }
    }
}
