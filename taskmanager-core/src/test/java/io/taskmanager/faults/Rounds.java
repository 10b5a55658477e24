package io.taskmanager.faults;

import static org.assertj.core.api.Assertions.fail;

import io.taskmanager.faults.Faults.Kind;
import io.taskmanager.faults.Patient.Report;
import io.taskmanager.faults.Patient.Victim;
import java.util.LinkedHashMap;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;

/** Puts an operation in trouble at one site after the other. */
final class Rounds {

    /** After so many broken managers of one operation no more are made: each of them costs its test the bound. */
    private static final int BROKEN_SHOWN = Integer.getInteger("faults.shown", 1);

    private Rounds() {}

    /**
     * Has allocations, or calls, fail by their number: lives a life for each, from the first on.
     *
     * @param strikes which sites the life of this number is struck at
     */
    static void live(Operation operation, Kind kind, Victim victim, LongFunction<LongPredicate> strikes) {
        Patient.live(operation, kind, victim, number -> false); // loads and links what a first call does
        long sites = Patient.live(operation, kind, victim, number -> false).sites();
        live(
                operation + ", " + kind + " of the " + victim,
                sites,
                site -> Patient.live(operation, kind, victim, strikes.apply(site)));
    }

    /** Has the stack of the caller end at each depth, from the first call of the engine on. */
    static void liveAtEachDepth(Operation operation) {
        LongSummaryStatistics depths = new LongSummaryStatistics();
        LongPredicate look = number -> {
            depths.accept(Faults.depth());
            return false;
        };
        Patient.live(operation, Kind.CALL, Victim.CALLER, look);
        long first = depths.getMin();
        live(
                operation + ", depth of the stack",
                depths.getMax() - first + 1,
                round -> Patient.live(
                        operation, Kind.CALL, Victim.CALLER, number -> Faults.depth() >= first + round - 1));
    }

    /** Has each allocation fail in turn while a manager is created. */
    static void create() {
        long sites = Patient.create(Kind.ALLOCATION, number -> false).sites();
        live("creation", sites, site -> Patient.create(Kind.ALLOCATION, Faults.from(site, 1)));
    }

    private static void live(String what, long rounds, LongFunction<Report> life) {
        Map<Long, Report> broken = new LinkedHashMap<>();
        for (long round = 1; round <= rounds && broken.size() < BROKEN_SHOWN; round++) {
            Report report = life.apply(round);
            if (!report.isWhole()) {
                broken.put(round, report);
            }
        }
        if (!broken.isEmpty()) {
            StringBuilder text = new StringBuilder(what + ", " + rounds + " rounds: not whole after trouble at");
            broken.forEach((round, report) ->
                    text.append("\n  ").append(round).append(": ").append(report));
            fail(text.toString());
        }
    }
}
