package io.taskmanager.model;

import io.taskmanager.testkit.Sneaky;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What all parts of a walk, or of the soak, share: chance, the faults, the gate at its end, the breaches found. */
final class World {

    private static final int BREACHES_KEPT = 30;

    /** How a walk's user code behaves. */
    enum Temper {
        /** It does what it should. */
        CALM(0),
        /** It mostly does. */
        MIXED(0.15),
        /** It mostly does not. */
        WILD(0.6);

        final double faults;

        Temper(double faults) {
            this.faults = faults;
        }
    }

    final long seed;
    final Temper temper;
    /** Whether tasks may hold on until the walk opens {@link #end}; else they give up after a while. */
    final boolean untilEnd;
    /** Opened when the walk has called for the manager's end. */
    final CountDownLatch end = new CountDownLatch(1);

    final ThreadLocal<ModelResource.Use> currentUse = new ThreadLocal<>();
    final AtomicLong unhealthyErrors = new AtomicLong();

    private final Queue<String> breaches = new ConcurrentLinkedQueue<>();
    private final AtomicInteger breachCount = new AtomicInteger();
    private final AtomicLong userCalls = new AtomicLong();

    World(long seed, Temper temper, boolean untilEnd) {
        this.seed = seed;
        this.temper = temper;
        this.untilEnd = untilEnd;
    }

    /** A source of chance of its own for each stream, the same for the same seed. */
    SplittableRandom random(long stream) {
        return new SplittableRandom(new SplittableRandom(seed + stream * 0x9E3779B97F4A7C15L).nextLong());
    }

    /** Notes that a promise was broken. */
    void breach(String what) {
        if (breachCount.incrementAndGet() <= BREACHES_KEPT) {
            breaches.add(what);
        }
    }

    void breach(String what, Throwable cause) {
        StringWriter stack = new StringWriter();
        cause.printStackTrace(new PrintWriter(stack));
        breach(what + ": " + stack);
    }

    List<String> breaches() {
        return List.copyOf(breaches);
    }

    /** Fails now and then, as a collector, listener or logger would. */
    void maybeThrow(String where) {
        SplittableRandom random = random(0x7000_0000_0000L + userCalls.incrementAndGet());
        if (!random.nextBoolean() || random.nextDouble() >= temper.faults) {
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> throw new IllegalStateException(where + " fails");
            case 1 -> throw new AssertionError(where + " fails badly");
            default -> {
                // The engine keeps this interrupt in the status of whoever calls.
                willInterrupt();
                throw Sneaky.rethrow(new InterruptedException(where + " was interrupted"));
            }
        }
    }

    /** Says that user code is about to interrupt its own thread. */
    void willInterrupt() {
        for (ModelResource.Use use = currentUse.get(); use != null; use = use.outer) {
            use.interruptedByWalk = true;
        }
        if (Thread.currentThread() instanceof Actor actor) {
            actor.expectInterrupt();
        }
    }

    /** Waits for the end, or a while; an interrupt ends that. */
    void pause(long micros) throws InterruptedException {
        boolean unused = end.await(micros, TimeUnit.MICROSECONDS);
    }

    /** Takes up time, heedless of interrupts. */
    static void dawdle(long micros) {
        long until = System.nanoTime() + micros * 1000;
        boolean interrupted = false;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(Math.max(1, until - System.nanoTime()));
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
