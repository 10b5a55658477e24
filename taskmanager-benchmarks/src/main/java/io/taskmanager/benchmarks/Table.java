package io.taskmanager.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One comparison, as markdown: who, median and spread of its runs, and how ours compares. */
final class Table {

    private final String title;
    private final String unit;
    /** Whether more is better. */
    private final boolean isRate;

    private final List<Row> rows = new ArrayList<>();

    private record Row(String name, Sample sample) {}

    Table(String title, String unit, boolean isRate) {
        this.title = title;
        this.unit = unit;
        this.isRate = isRate;
    }

    /** Adds a row; the first one is ours, to which all others are compared. */
    void add(String name, Sample sample) {
        rows.add(new Row(name, sample));
    }

    /** What the row of that name measured, if there is one. */
    Optional<Sample> sample(String name) {
        return rows.stream()
                .filter(row -> row.name.equals(name))
                .map(Row::sample)
                .findFirst();
    }

    String markdown() {
        StringBuilder page = new StringBuilder("### " + title + "\n\n");
        page.append("| who | median, ").append(unit).append(" | least to greatest | ours is |\n|---|---|---|---|\n");
        double ours = rows.get(0).sample.median();
        for (Row row : rows) {
            Sample sample = row.sample;
            double ratio = isRate ? ours / sample.median() : sample.median() / ours;
            page.append("| ")
                    .append(row.name)
                    .append(" | ")
                    .append(number(sample.median()))
                    .append(" | ")
                    .append(number(sample.least()))
                    .append(" to ")
                    .append(number(sample.greatest()))
                    .append(" | ")
                    .append(row == rows.get(0) ? "" : number(ratio) + " ×")
                    .append(" |\n");
        }
        return page.append('\n').toString();
    }

    /** Three digits that tell. */
    static String number(double value) {
        double size = Math.abs(value);
        if (size >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        int decimals = size >= 10 ? 1 : size >= 0.1 ? 2 : size >= 0.01 ? 3 : 4;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
