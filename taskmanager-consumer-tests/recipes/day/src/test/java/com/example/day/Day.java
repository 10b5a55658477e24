package com.example.day;

import static com.example.tools.Answers.awaitUntil;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The day of one manager: load, faults, and those who look on. */
final class Day<R> {

    private final Side<R> side;
    private final Load<R> load;
    private final Watch watch;
    private final SessionCount count;
    private final Faults faults;
    private final LogLines log;
    private final List<Thread> threads = new ArrayList<>();

    Day(Side<R> side, HealthIndicator indicator, long seed, long endNanos) {
        this.side = side;
        this.load = new Load<>(side);
        this.watch = new Watch(side, indicator);
        this.count = new SessionCount(side);
        this.log = new LogLines(side);
        this.faults = new Faults(side, watch, log, seed, endNanos);
    }

    void begin() {
        load.begin();
        for (Runnable part : List.of(faults, watch, count)) {
            Thread thread = new Thread(part, part.getClass().getSimpleName() + "-of-" + side.name);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    void end() throws InterruptedException {
        threads.get(0).join();
        load.end();
        awaitUntil("all calls of " + side.name + " are answered", () -> side.calls.open().isEmpty());
        watch.ended = true;
        count.ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    String summary() {
        StringBuilder text = new StringBuilder("== " + side.name + "\n" + side.calls.table());
        text.append("\n  faults, and the time from the server's return to the first success:");
        faults.counts.forEach((fault, times) -> text.append(String.format(
                "%n    %3d %-15s %s", times, fault, faults.resumed.getOrDefault(fault, new Distribution()))));
        text.append("\n    of all              ").append(faults.all);
        text.append(String.format(
                ", %d times more than 2 s and the longest creation", faults.all.above(2_000 + side.creation.max())));
        text.append("\n    in each form        ").append(faults.allForms);
        text.append("\n    to UP               ").append(faults.up);
        text.append("\n  detection             ").append(watch.detection);
        text.append("\n  creation              ").append(side.creation);
        text.append(String.format(
                "%n  health asked %d times, untrue for a moment %d times", watch.samples, watch.untrue));
        text.append(String.format(
                "%n  sessions counted %d times on the server, most %d, for a moment too many %d times; most of the client %d, created %d, living %d",
                count.counts, count.most, count.excesses, side.census.most(), side.census.created(), side.census.living()));
        return text.append('\n').append(log.table()).toString();
    }
}
