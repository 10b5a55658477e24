package io.taskmanager.testkit;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test after which threads remain that were not there before. Those of the JDK and of JUnit don't count. */
public final class LeakedThreads implements BeforeEachCallback, AfterEachCallback {

    private static final List<String> OF_OTHERS = List.of(
            "ForkJoinPool.commonPool",
            "CompletableFutureDelayScheduler",
            "junit-",
            "Common-Cleaner",
            "process reaper",
            "Attach",
            "VirtualThread-");

    /** Of the threads that carry virtual ones, which the JDK starts on demand and keeps. */
    private static final String CARRIERS = "CarrierThreads";

    private Set<Thread> before = Set.of();

    @Override
    public void beforeEach(ExtensionContext context) {
        before = new HashSet<>(threads());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            Await.until("no thread left over", () -> leaked().isEmpty());
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "threads left over: "
                            + leaked().stream().map(LeakedThreads::describe).collect(Collectors.joining()),
                    e);
        }
    }

    /** The threads that run now and were not there before. */
    public List<Thread> leaked() {
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .filter(thread -> OF_OTHERS.stream().noneMatch(thread.getName()::startsWith))
                .filter(thread -> !isCarrier(thread))
                .toList();
    }

    private static boolean isCarrier(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group != null && group.getName().equals(CARRIERS);
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    private static String describe(Thread thread) {
        return "\n" + thread + " " + thread.getState() + " "
                + Arrays.stream(thread.getStackTrace()).limit(6).toList();
    }
}
