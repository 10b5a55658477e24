package io.taskmanager.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * Errors of the JVM on demand. The engine's classes, as {@link FaultyLoader} defines them, call in here at each <em>site</em>:
 * before each allocation, and at the entry of each method. While {@linkplain #arm trouble} is armed for the current thread,
 * it may have the site throw what the JVM throws there when it is out of heap, or of stack.
 *
 * <p>There is one class of this name for all loaders, so a test and the classes it watches share it. Each error is new,
 * and so tells where it was thrown: the heap is not really full.
 */
public final class Faults {

    /** What a site does. */
    public enum Kind {
        /** It allocates, or calls a method of the JDK that does: {@link OutOfMemoryError}. */
        ALLOCATION,
        /** It enters a method: {@link StackOverflowError}. */
        CALL
    }

    private static final Trouble[] NONE = {};
    private static final List<String> SITES = new ArrayList<>(); // guarded by itself

    /** Replaced under the lock of this class; read by every site. */
    private static volatile Trouble[] armed = NONE;

    private Faults() {}

    /** Trouble of one kind for some threads, until it is closed. */
    public static final class Trouble implements AutoCloseable {

        private final Kind kind;
        private final Predicate<Thread> victims;
        private final LongPredicate strikes;
        private final AtomicLong passed = new AtomicLong();
        private final Queue<Integer> struck = new ConcurrentLinkedQueue<>();

        private Trouble(Kind kind, Predicate<Thread> victims, LongPredicate strikes) {
            this.kind = kind;
            this.victims = victims;
            this.strikes = strikes;
        }

        /** How many sites the victims have come to. */
        public long passed() {
            return passed.get();
        }

        /** Where it struck, in order, as {@code class.method:line}. */
        public List<String> struck() {
            return struck.stream().map(Faults::nameOf).toList();
        }

        @Override
        public void close() {
            disarm(this);
        }

        private void pass(int site) {
            if (victims.test(Thread.currentThread()) && strikes.test(passed.incrementAndGet())) {
                struck.add(site);
                throw error(site);
            }
        }

        private Error error(int site) {
            String message = "injected at " + nameOf(site);
            return kind == Kind.ALLOCATION ? new OutOfMemoryError(message) : new StackOverflowError(message);
        }
    }

    /**
     * Arms trouble for the threads that fit.
     *
     * @param strikes whether the site fails that they come to as the n-th, beginning with 1; asked on their threads
     */
    public static synchronized Trouble arm(Kind kind, Predicate<Thread> victims, LongPredicate strikes) {
        Trouble trouble = new Trouble(kind, victims, strikes);
        Trouble[] more = Arrays.copyOf(armed, armed.length + 1);
        more[armed.length] = trouble;
        armed = more;
        return trouble;
    }

    private static synchronized void disarm(Trouble trouble) {
        armed = Arrays.stream(armed).filter(other -> other != trouble).toArray(Trouble[]::new);
    }

    /** Strikes at each site from the n-th on, {@code count} of them: a heap that is full for a moment. */
    public static LongPredicate from(long first, long count) {
        return number -> number >= first && number < first + count;
    }

    /** How many frames are on the stack of the current thread, those of this package's hooks included. */
    public static int depth() {
        return StackWalker.getInstance().walk(frames -> (int) frames.count());
    }

    /** Called by the engine before each allocation. */
    public static void allocating(int site) {
        strike(Kind.ALLOCATION, site);
    }

    /** Called by the engine at the entry of each method. */
    public static void entering(int site) {
        strike(Kind.CALL, site);
    }

    /** The same for a method whose frame is as large as this many of others: it is taken to be so many calls deep. */
    public static void enteringDeep(int site, int frames) {
        if (frames > 0) {
            enteringDeep(site, frames - 1);
        } else {
            strike(Kind.CALL, site);
        }
    }

    private static void strike(Kind kind, int site) {
        for (Trouble trouble : armed) {
            if (trouble.kind == kind) {
                trouble.pass(site);
            }
        }
    }

    static int newSite(String name) {
        synchronized (SITES) {
            SITES.add(name);
            return SITES.size() - 1;
        }
    }

    private static String nameOf(int site) {
        synchronized (SITES) {
            return SITES.get(site);
        }
    }
}
