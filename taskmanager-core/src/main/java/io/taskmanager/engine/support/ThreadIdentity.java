package io.taskmanager.engine.support;

import org.jspecify.annotations.Nullable;

/**
 * Name, priority and context class loader of a thread that runs user code, as they were before. Made by that thread, and
 * used by it alone.
 */
public final class ThreadIdentity {

    private final Thread thread = Thread.currentThread();
    private final String name = thread.getName();
    private final int priority = thread.getPriority();
    private final @Nullable ClassLoader loader = thread.getContextClassLoader();

    /** Gives the thread back what user code has changed, so that the next finds it as it was. Costs three looks. */
    public void restore() {
        if (!name.equals(thread.getName())) {
            thread.setName(name);
        }
        if (priority != thread.getPriority()) {
            thread.setPriority(priority);
        }
        if (loader != thread.getContextClassLoader()) {
            thread.setContextClassLoader(loader);
        }
    }
}
