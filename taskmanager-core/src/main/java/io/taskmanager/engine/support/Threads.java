package io.taskmanager.engine.support;

import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The engine's threads: all are made here, unless the user gave a factory. */
public final class Threads {

    private static final int VIRTUAL_THREADS_SINCE = 21;
    private static final int CALLBACK_THREADS = Math.max(4, Runtime.getRuntime().availableProcessors());

    private Threads() {}

    /** Non-daemon threads {@code <prefix>-1}, {@code <prefix>-2}: queued work keeps the process alive. */
    public static ThreadFactory numbered(String prefix) {
        return numbered(prefix, false);
    }

    /** Makes one daemon thread of this name, or several. */
    public static ThreadFactory daemon(String name) {
        return action -> newThread(name, true, action);
    }

    /** An executor for callbacks: virtual threads where Java has them, else a few daemon threads that end when idle. */
    public static ExecutorService callbackExecutor(String prefix) {
        if (Runtime.version().feature() >= VIRTUAL_THREADS_SINCE) {
            return virtualThreadPerTask(prefix);
        }
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                CALLBACK_THREADS,
                CALLBACK_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                numbered(prefix, true));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private static ThreadFactory numbered(String prefix, boolean daemon) {
        AtomicInteger number = new AtomicInteger();
        return action -> newThread(prefix + "-" + number.incrementAndGet(), daemon, action);
    }

    private static Thread newThread(String name, boolean daemon, Runnable action) {
        Thread thread = new Thread(action, name);
        thread.setDaemon(daemon);
        return thread;
    }

    /** {@code Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(prefix, 1).factory())}, in Java 17's words. */
    private static ExecutorService virtualThreadPerTask(String prefix) {
        try {
            Class<?> builderType = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            builder = builderType.getMethod("name", String.class, long.class).invoke(builder, prefix + "-", 1L);
            Object factory = builderType.getMethod("factory").invoke(builder);
            Method newExecutor = Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class);
            return (ExecutorService) newExecutor.invoke(null, factory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Java " + Runtime.version() + " has no virtual threads", e);
        }
    }
}
