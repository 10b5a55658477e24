package com.example.day;

import com.example.day.Condition.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Makes a server fail, one fault after the other, each kind as often as the others. */
final class Faults implements Runnable {

    /** The aim is 2 s and the time of a creation; a busy machine may be late, and no test asserts a speed. */
    private static final long PATIENCE_MILLIS = 30_000;

    private static final long STEADY_MILLIS = 1_000;

    private final Side<?> side;
    private final Watch watch;
    private final LogLines log;
    private final Random random;
    private final long endNanos;
    private final List<Fault> deck = new ArrayList<>();
    final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    final Map<Fault, Distribution> resumed = new EnumMap<>(Fault.class);
    final Distribution all = new Distribution();
    final Distribution allForms = new Distribution();
    final Distribution up = new Distribution();

    Faults(Side<?> side, Watch watch, LogLines log, long seed, long endNanos) {
        this.side = side;
        this.watch = watch;
        this.log = log;
        this.random = new Random(seed);
        this.endNanos = endNanos;
    }

    @Override
    public void run() {
        try {
            awaitCalm(null, System.nanoTime());
            while (System.nanoTime() - endNanos < 0) {
                Thread.sleep(2_000 + random.nextInt(3_000));
                happen(draw());
            }
        } catch (Exception e) {
            side.violated("making it fail has failed: " + e);
        }
    }

    private Fault draw() {
        if (deck.isEmpty()) {
            deck.addAll(Arrays.asList(Fault.values()));
            Collections.shuffle(deck, random);
        }
        return deck.remove(0);
    }

    private void happen(Fault fault) throws Exception {
        // Half of them end before they are found out.
        long millis = random.nextBoolean() ? 500 + random.nextInt(5_000) : 15_000 + random.nextInt(6_000);
        counts.merge(fault, 1, Integer::sum);
        side.condition = Condition.of(Phase.CHANGING, fault);
        fault.begin(side.server);
        if (!fault.isShort()) {
            side.condition = Condition.of(Phase.DOWN, fault);
            Thread.sleep(millis);
            side.condition = Condition.of(Phase.CHANGING, fault);
            fault.end(side.server);
        }
        if (fault == Fault.WRONG_PASSWORD) {
            side.manager.control().probe();
        }
        Calls.Return returned = side.calls.returned();
        if (!returned.first.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            side.violated("no work is done after " + fault + " of " + millis + " ms");
            return;
        }
        long first = Collections.min(returned.successes.values());
        long took = (first - returned.atNanos) / 1_000_000;
        resumed.computeIfAbsent(fault, any -> new Distribution()).add(took);
        all.add(took);
        awaitCalm(fault, returned.atNanos);
        if (returned.successes.size() == Calls.Form.values().length) {
            allForms.add((Collections.max(returned.successes.values()) - returned.atNanos) / 1_000_000);
        } else {
            side.violated("after " + fault + " only these succeed: " + returned.successes.keySet());
        }
    }

    /** Until the health is UP, and stays so for a moment. */
    private void awaitCalm(Fault fault, long sinceNanos) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        long upSince = 0;
        while (upSince == 0 || System.nanoTime() - upSince < STEADY_MILLIS * 1_000_000) {
            if (!watch.isUp) {
                upSince = 0;
            } else if (upSince == 0) {
                upSince = System.nanoTime();
            }
            if (System.nanoTime() - deadline > 0) {
                side.violated("not UP after " + fault);
                return;
            }
            Thread.sleep(Watch.PERIOD_MILLIS / 2);
        }
        if (fault != null) {
            up.add((upSince - sinceNanos) / 1_000_000);
            log.endOf(fault);
        }
        side.condition = Condition.of(Phase.CALM, null);
    }
}
