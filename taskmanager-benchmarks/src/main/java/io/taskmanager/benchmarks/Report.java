package io.taskmanager.benchmarks;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page of one run: prints each table as soon as it is measured, and keeps it for the summary. */
final class Report {

    private final Map<String, Table> tables = new LinkedHashMap<>();

    private final PrintStream page;
    private final List<String> wanted;
    private final int forks;

    /**
     * @param page where the markdown goes
     * @param wanted the names of the sections to run; none for all
     * @param forks how many JVMs measure each figure
     */
    Report(PrintStream page, List<String> wanted, int forks) {
        this.page = page;
        this.wanted = List.copyOf(wanted);
        this.forks = forks;
    }

    boolean isWanted(String section) {
        return wanted.isEmpty() || wanted.contains(section);
    }

    int forks() {
        return forks;
    }

    /** Prints a table, to be found again by its key: the name of its section, or that and more. */
    void add(String key, Table table) {
        tables.put(key, table);
        print(table.markdown());
    }

    /** What a row of a table of this run measured; empty if it was not run. */
    Optional<Sample> sample(String key, String row) {
        return Optional.ofNullable(tables.get(key)).flatMap(table -> table.sample(row));
    }

    /** Prints a paragraph. */
    void note(String text) {
        print(text + "\n\n");
    }

    void print(String markdown) {
        page.print(markdown);
        page.flush();
    }
}
