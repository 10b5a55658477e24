package io.taskmanager.benchmarks;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs every section and prints the body of {@code docs/benchmarks.md}, and nothing else, to its standard output. Each row
 * is the median of as many JVMs, all of one table one after the other or in turns. Arguments: the names of the sections to
 * run, none for all; {@code forks=3} for so many JVMs.
 */
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        Map<Boolean, List<String>> parts =
                Arrays.stream(args).collect(Collectors.partitioningBy(arg -> arg.startsWith("forks=")));
        int forks = parts.get(true).stream()
                .mapToInt(arg -> Integer.parseInt(arg.substring("forks=".length())))
                .findFirst()
                .orElse(5);
        // Markdown has more than ASCII, whatever the locale.
        PrintStream page = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(System.err); // JMH passes on what its JVMs print
        Report report = new Report(page, parts.get(false), forks);
        report.note(Machine.describe() + "- JVMs for each figure: " + forks);
        new JmhSections(report).run();
        new JvmSections(report).run();
        report.print(Aims.markdown(report));
    }
}
