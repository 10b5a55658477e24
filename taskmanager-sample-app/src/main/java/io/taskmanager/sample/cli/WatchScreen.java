package io.taskmanager.sample.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows samples: a table that is drawn over on a terminal, a line for each elsewhere. */
final class WatchScreen {

    private static final String ESCAPE = "\u001b[";
    private static final String COLUMNS = "%-16s %-18s %6s %8s %6s %6s %7s %4s %10s %10s %8s";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final PrintStream out;
    private final boolean terminal;
    private final ZoneId zone;
    private int drawn;

    WatchScreen(PrintStream out, boolean terminal, ZoneId zone) {
        this.out = out;
        this.terminal = terminal;
        this.zone = zone;
    }

    void show(Sample sample, String url) {
        if (terminal) {
            draw(table(sample, url + ", " + time(sample.at()) + "; Ctrl-C ends"));
        } else {
            out.println(line(sample));
        }
    }

    /** Leaves the last sample standing, and says since when it is the last. */
    void stale(Sample last, String problem) {
        String stale = "stale since " + time(last.at()) + ": " + problem;
        if (terminal) {
            draw(table(last, stale));
        } else {
            out.println(stale);
        }
    }

    private String time(Instant at) {
        return TIME.format(at.atZone(zone));
    }

    private String line(Sample sample) {
        return time(sample.at()) + " "
                + sample.managers().stream().map(WatchScreen::line).collect(Collectors.joining("; "));
    }

    private static String line(Sample.Manager manager) {
        return String.format(
                Locale.ROOT,
                "%s %s, waiting %d main %d priority %d retry, busy %d of %d workers (max %d), %.1f tasks/s",
                manager.name(),
                manager.state(),
                manager.stat("queuedTasks"),
                manager.stat("priorityTasks"),
                manager.stat("retryingTasks"),
                manager.stat("busyWorkers"),
                manager.stat("activeWorkers"),
                manager.maxWorkers(),
                manager.throughput());
    }

    private static List<String> table(Sample sample, String head) {
        List<String> lines = new ArrayList<>();
        lines.add(head);
        lines.add(row(
                "manager",
                "state",
                "main",
                "priority",
                "retry",
                "busy",
                "workers",
                "max",
                "tasks/s",
                "retried",
                "failed"));
        for (Sample.Manager manager : sample.managers()) {
            lines.add(row(manager));
            lines.add("  " + manager.why());
        }
        return lines;
    }

    private static String row(Sample.Manager manager) {
        return row(
                manager.name(),
                manager.state(),
                manager.stat("queuedTasks"),
                manager.stat("priorityTasks"),
                manager.stat("retryingTasks"),
                manager.stat("busyWorkers"),
                manager.stat("activeWorkers"),
                manager.maxWorkers(),
                String.format(Locale.ROOT, "%.1f", manager.throughput()),
                manager.metric("totalTasksRetried"),
                manager.metric("totalTasksFailed"));
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, COLUMNS, cells).stripTrailing();
    }

    /**
     * Goes up to the first line of the last table and writes over it. Lines are not wrapped meanwhile: a long one would be two
     * on the screen, and the way up too short.
     */
    private void draw(List<String> lines) {
        StringBuilder frame = new StringBuilder(ESCAPE + "?7l");
        if (drawn > 0) {
            frame.append(ESCAPE).append(drawn).append('A');
        }
        lines.forEach(line -> frame.append('\r').append(line).append(ESCAPE).append("K\n"));
        frame.append(ESCAPE).append('J').append(ESCAPE).append("?7h");
        drawn = lines.size();
        out.print(frame);
        out.flush();
    }
}
