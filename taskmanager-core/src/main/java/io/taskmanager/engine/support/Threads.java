package io.taskmanager.engine.support;

import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The engine's threads: all are made here, unless the user gave a factory. The threads of one factory are alike, whoever's
 * call starts them: they have the class loader and the group of the thread that made the factory, normal priority, and no
 * thread-locals of anybody. So a factory is made with its manager.
 */
public final class Threads {

    static final boolean CAN_BE_VIRTUAL = Runtime.version().feature() >= 21;

    private Threads() {}

    /** Non-daemon threads {@code <prefix>-1}, {@code <prefix>-2}: queued work keeps the process alive. */
    public static ThreadFactory numbered(String prefix) {
        return numbered(prefix, false);
    }

    /** Makes one daemon thread of this name, or several. */
    public static ThreadFactory daemon(String name) {
        Origin origin = Origin.ofThisThread();
        return action -> origin.newThread(name, true, action);
    }

    /** Daemon threads {@code <prefix>-1}, {@code <prefix>-2}. */
    static ThreadFactory numberedDaemon(String prefix) {
        return numbered(prefix, true);
    }

    private static ThreadFactory numbered(String prefix, boolean daemon) {
        Origin origin = Origin.ofThisThread();
        AtomicInteger number = new AtomicInteger();
        return action -> origin.newThread(prefix + "-" + number.incrementAndGet(), daemon, action);
    }

    /** Whom the threads of a factory take after. */
    private record Origin(
            @Nullable ThreadGroup group, @Nullable ClassLoader loader) {

        static Origin ofThisThread() {
            Thread current = Thread.currentThread();
            return new Origin(current.getThreadGroup(), current.getContextClassLoader());
        }

        Thread newThread(String name, boolean daemon, Runnable action) {
            Thread thread = new Thread(group, action, name, 0, false);
            thread.setDaemon(daemon);
            thread.setPriority(Thread.NORM_PRIORITY);
            thread.setContextClassLoader(loader);
            return thread;
        }
    }

    // What follows is Java 21, in Java 17's words.

    /** {@code Thread.ofVirtual().name(prefix + "-", 1).inheritInheritableThreadLocals(false).factory()}. */
    static ThreadFactory virtual(String prefix) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        ThreadFactory factory;
        try {
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            builder = type.getMethod("name", String.class, long.class).invoke(builder, prefix + "-", 1L);
            builder = type.getMethod("inheritInheritableThreadLocals", boolean.class)
                    .invoke(builder, false);
            factory = (ThreadFactory) type.getMethod("factory").invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw noVirtualThreads(e);
        }
        return action -> {
            Thread thread = factory.newThread(action);
            thread.setContextClassLoader(loader);
            return thread;
        };
    }

    /** {@code Executors.newThreadPerTaskExecutor(factory)}. */
    static ExecutorService threadPerTask(ThreadFactory factory) {
        try {
            Method newExecutor = Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class);
            return (ExecutorService) newExecutor.invoke(null, factory);
        } catch (ReflectiveOperationException e) {
            throw noVirtualThreads(e);
        }
    }

    private static IllegalStateException noVirtualThreads(ReflectiveOperationException e) {
        return new IllegalStateException("Java " + Runtime.version() + " has no virtual threads", e);
    }
}
