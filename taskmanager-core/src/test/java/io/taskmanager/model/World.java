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

    /** Which errors of the JVM come over a walk, besides those that its user code makes up. */
    enum Misfortune {
        NONE,
        /** The heap is full for a moment, for whoever allocates: now and then. */
        HEAP,
        /** A caller is deep in a recursion, and its stack ends in the middle of a call: now and then. */
        STACK
    }

    final long seed;
    final Temper temper;
    /** Whether errors of the JVM may come out of any call, and of any task. */
    final boolean unlucky;
    /** Whether tasks may hold on until the walk opens {@link #end}; else they give up after a while. */
    final boolean untilEnd;
    /** Opened when the walk has called for the manager's end. */
    final CountDownLatch end = new CountDownLatch(1);

    final ThreadLocal<ModelResource.Use> currentUse = new ThreadLocal<>();
    final AtomicLong retriedErrors = new AtomicLong();
    /** Whether health checks and retry policies take longer, now and then, than they may: then their answer is no. */
    volatile boolean hasty;

    private final Queue<String> breaches = new ConcurrentLinkedQueue<>();
    private final AtomicInteger breachCount = new AtomicInteger();
    private final AtomicLong userCalls = new AtomicLong();

    /** Where user code may try to end its manager; null where it never does. */
    volatile Scene scene;

    World(long seed, Temper temper, boolean untilEnd, boolean unlucky) {
        this.seed = seed;
        this.temper = temper;
        this.untilEnd = untilEnd;
        this.unlucky = unlucky;
    }

    /** Whether this, or what caused it, is an error of the JVM that this world has to expect. */
    boolean isMisfortune(Throwable error) {
        for (Throwable cause = error; unlucky && cause != null; cause = cause.getCause()) {
            if (cause instanceof VirtualMachineError) {
                return true;
            }
        }
        return false;
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

    /** Tries to end the manager now and then, as no factory, listener or action may. */
    void maybeStop(SplittableRandom random) {
        Scene current = scene;
        if (current != null && random.nextDouble() < temper.faults / 400) {
            current.stopFromUserCode(random);
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
