package io.taskmanager.sample.cli;

import io.taskmanager.sample.imports.ImportStatus;
import java.io.PrintStream;
import java.util.Locale;

/** Shows how far an import is: a bar that is drawn over on a terminal, a line for each tenth elsewhere. */
final class ProgressBar {

    private static final int WIDTH = 40;

    private final PrintStream out;
    private final boolean terminal;
    private long tenthShown = -1;

    ProgressBar(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void show(ImportStatus status) {
        if (terminal) {
            out.print("\r" + bar(status) + " " + line(status));
            out.flush();
        } else {
            showTenth(status);
        }
    }

    private void showTenth(ImportStatus status) {
        long tenth = 10 * finished(status) / Math.max(1, status.total());
        if (tenth > tenthShown && status.total() > 0) {
            tenthShown = tenth;
            out.println(line(status));
        }
    }

    /** Leaves the last state standing. */
    void end(ImportStatus status) {
        show(status);
        if (terminal) {
            out.println();
        }
    }

    private static String bar(ImportStatus status) {
        int full = (int) (WIDTH * finished(status) / Math.max(1, status.total()));
        return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "]";
    }

    private static String line(ImportStatus status) {
        return String.format(
                Locale.ROOT,
                "%d of %d, %d failed, %.1f photos/s",
                finished(status),
                status.total(),
                status.failed(),
                status.photosPerSecond());
    }

    private static long finished(ImportStatus status) {
        return Math.min(status.total(), status.done() + status.failed() + status.skipped());
    }
}
