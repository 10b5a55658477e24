package io.taskmanager.benchmarks.scaling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How the rules fared on one trace.
 *
 * @param outcomes of the default policy first, then of its rivals
 * @param fixed the outcomes of a fixed pool of each size, from the base to the maximum
 */
record Comparison(Trace trace, Map<Rule, Outcome> outcomes, List<Outcome> fixed) {

    static Comparison on(Trace trace) {
        Map<Rule, Outcome> outcomes = new LinkedHashMap<>();
        for (Rule rule : Rule.ALL) {
            outcomes.put(rule, Simulation.run(trace, rule));
        }
        List<Outcome> fixed = IntStream.rangeClosed(Trace.BASE_WORKERS, Trace.MAX_WORKERS)
                .mapToObj(size -> Simulation.run(trace, Rule.fixedAt(size)))
                .toList();
        return new Comparison(trace, outcomes, fixed);
    }

    String chart() {
        return Chart.of(trace, outcomes);
    }

    String table() {
        StringBuilder table = new StringBuilder("""
                | rule | shortage | overshoot | turns | creations | resource-seconds | median wait | p95 wait |
                |---|---:|---:|---:|---:|---:|---:|---:|
                """);
        outcomes.forEach((rule, outcome) -> table.append(row(rule.name(), outcome)));
        int best = smallestAsFast();
        return table.append(row("by hindsight: fixed at " + (Trace.BASE_WORKERS + best), fixed.get(best)))
                .toString();
    }

    /** The index of the smallest fixed pool whose p95 wait is no longer than the default policy's. */
    private int smallestAsFast() {
        double ours = outcomes.get(Rule.DEFAULT).p95Wait();
        return IntStream.range(0, fixed.size())
                .filter(i -> fixed.get(i).p95Wait() <= ours)
                .findFirst()
                .orElse(fixed.size() - 1);
    }

    private static String row(String name, Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "| %s | %.1f s | %d | %d | %d | %,.0f | %.2f s | %.2f s |\n",
                name,
                outcome.shortage(),
                outcome.overshoot(),
                outcome.turns(),
                outcome.creations(),
                outcome.resources(),
                outcome.medianWait(),
                outcome.p95Wait());
    }
}
