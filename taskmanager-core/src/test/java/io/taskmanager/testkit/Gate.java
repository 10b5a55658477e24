package io.taskmanager.testkit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Holds the threads that come to it until it is opened; says how many have come. */
public final class Gate {

    private final CountDownLatch latch = new CountDownLatch(1);
    private final AtomicInteger arrivals = new AtomicInteger();

    /** Waits until the gate is open. */
    public void pass() throws InterruptedException {
        arrivals.incrementAndGet();
        if (!latch.await(2 * Await.BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("nobody opened the gate");
        }
    }

    /** Waits until the gate is open, whatever interrupts come; they are swallowed. Returns how many came. */
    public int passIgnoringInterrupts() {
        int interrupts = 0;
        while (true) {
            try {
                pass();
                return interrupts;
            } catch (InterruptedException e) {
                arrivals.decrementAndGet();
                interrupts++;
            }
        }
    }

    public void open() {
        latch.countDown();
    }

    public boolean isOpen() {
        return latch.getCount() == 0;
    }

    /** How many threads have come so far, those that went through included. */
    public int arrivals() {
        return arrivals.get();
    }

    /** Waits until so many threads have come in all. */
    public void awaitArrivals(int count) {
        Await.until(count + " arrivals at the gate", () -> arrivals() >= count);
    }
}
