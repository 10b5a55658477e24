package io.taskmanager.benchmarks;

import java.util.Optional;
import java.util.function.DoubleBinaryOperator;

/**
 * What we want to be: our median against a rival's.
 *
 * @param work what is measured
 * @param ours where our median is
 * @param rival whom we compare with
 * @param theirs where the rival's median is
 * @param measure what is aimed at: a ratio, or a difference
 */
record Aim(String work, Figure ours, String rival, Figure theirs, Measure measure, boolean atLeast, double limit) {

    /** Where a median comes from; empty if it was not measured. */
    @FunctionalInterface
    interface Figure {

        Optional<Double> median(Report report);

        /** A row of a table of the same run. */
        static Figure row(String table, String row) {
            return report -> report.sample(table, row).map(Sample::median);
        }

        /** One that was measured elsewhere, or needs no measuring. */
        static Figure given(double value) {
            return report -> Optional.of(value);
        }
    }

    /** How two medians are compared. */
    enum Measure {
        RATIO(" ×", (ours, theirs) -> ours / theirs),
        MILLIS_MORE(" ms more", (ours, theirs) -> ours - theirs),
        PERCENT_MORE(" % of a core more", (ours, theirs) -> ours - theirs),
        BYTES(" bytes", (ours, theirs) -> ours);

        private final String unit;
        private final DoubleBinaryOperator of;

        Measure(String unit, DoubleBinaryOperator of) {
            this.unit = unit;
            this.of = of;
        }
    }

    /** The row of the summary; empty if one of the two was not measured. */
    Optional<String> markdown(Report report) {
        return ours.median(report).flatMap(mine -> theirs.median(report).map(other -> markdown(mine, other)));
    }

    private String markdown(double mine, double other) {
        double measured = measure.of.applyAsDouble(mine, other);
        boolean met = atLeast ? measured >= limit : measured <= limit;
        return "| " + work + " | " + rival + " | " + (atLeast ? "≥ " : "≤ ") + Table.number(limit) + measure.unit
                + " | " + Table.number(measured) + measure.unit + " | " + (met ? "yes" : "no") + " |\n";
    }
}
