package io.taskmanager.benchmarks.scaling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the tables and the plots of {@code docs/scaling.md}. What is between the marks of a trace is replaced. */
final class ScalingPage {

    private final Path docs;

    ScalingPage(Path docs) {
        this.docs = docs;
    }

    public static void main(String[] args) throws IOException {
        new ScalingPage(Path.of(args[0])).write();
    }

    private void write() throws IOException {
        Files.createDirectories(docs.resolve("scaling"));
        String text = Files.readString(page());
        for (Trace trace : Traces.all()) {
            Comparison comparison = Comparison.on(trace);
            text = renew(text, trace.name(), comparison.table());
            Files.writeString(chart(trace), comparison.chart());
        }
        Files.writeString(page(), text);
    }

    Path page() {
        return docs.resolve("scaling.md");
    }

    Path chart(Trace trace) {
        return docs.resolve("scaling").resolve(trace.name() + ".svg");
    }

    static String renew(String page, String name, String table) {
        String begin = "<!-- begin " + name + " -->\n";
        String end = "<!-- end " + name + " -->";
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("the page has no marks for the trace " + name);
        }
        return page.substring(0, from + begin.length()) + table + page.substring(to);
    }
}
