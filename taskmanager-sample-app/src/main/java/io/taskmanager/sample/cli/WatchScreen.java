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
    private static final String COLUMNS = "%-19.19s %5s %5s %5s %4s %7s %4s %8s %7s %6s";
    /** One less than the usual terminal has: what erases the rest of a line would erase the last column too. */
    private static final int WIDTH = 79;

    private static final String INDENT = "  ";
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
        List<String> lines = new ArrayList<>(folded(head, ""));
        lines.add(row("manager", "main", "prio", "retry", "busy", "workers", "max", "tasks/s", "retried", "failed"));
        for (Sample.Manager manager : sample.managers()) {
            lines.add(row(manager));
            lines.addAll(folded(manager.state() + ": " + manager.why(), INDENT));
        }
        return lines;
    }

    private static String row(Sample.Manager manager) {
        return row(
                manager.name(),
                count(manager.stat("queuedTasks")),
                count(manager.stat("priorityTasks")),
                count(manager.stat("retryingTasks")),
                manager.stat("busyWorkers"),
                manager.stat("activeWorkers"),
                manager.maxWorkers(),
                String.format(Locale.ROOT, "%.1f", manager.throughput()),
                count(manager.metric("totalTasksRetried")),
                count(manager.metric("totalTasksFailed")));
    }

    /** In six characters at most, up to a hundred thousand million. */
    private static String count(long number) {
        if (number < 100_000) {
            return String.valueOf(number);
        }
        return number < 10_000_000 ? number / 1000 + "k" : number / 1_000_000 + "M";
    }

    /** Lines that a terminal has room for; a word that is longer than one is cut in pieces. */
    private static List<String> folded(String text, String indent) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        int room = WIDTH - indent.length();
        while (rest.length() > room) {
            int space = rest.lastIndexOf(' ', room);
            int end = space > 0 ? space : room;
            lines.add(indent + rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
        }
        lines.add(indent + rest);
        return lines;
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
