package io.taskmanager.sample.imports;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where an import stands.
 *
 * @param id the import
 * @param folder what is imported, as seen from the import root
 * @param state where in its life it is
 * @param total files found, and folders that can't be read
 * @param done files that are in the catalogue, new and known
 * @param added those of them that are new
 * @param failed pictures that could not be imported, and folders that could not be read
 * @param skipped files that are none by their names, and links to folders
 * @param remaining files still to come
 * @param photosPerSecond done and failed files a second, since the import began
 * @param failures the first hundred failed, with reasons
 * @param skips the first hundred skipped, with reasons
 * @param fault why the import is BROKEN
 */
public record ImportStatus(
        String id,
        String folder,
        State state,
        long total,
        long done,
        long added,
        long failed,
        long skipped,
        long remaining,
        double photosPerSecond,
        List<Left> failures,
        List<Left> skips,
        @Nullable String fault) {

    /** The counts in a line. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "%s: %d found, %d done (%d new), %d failed, %d skipped, %d not imported, %.1f photos/s",
                state,
                total,
                done,
                added,
                failed,
                skipped,
                remaining,
                photosPerSecond);
    }

    /** The life of an import, in order; the last four are ends. */
    public enum State {
        WAITING,
        RUNNING,
        /** Every file was imported, or reported as failed or skipped. */
        DONE,
        /** The service was shut down before the end. */
        STOPPED,
        /** Someone cancelled it before the end. */
        CANCELLED,
        /** The folder could not be read to its end, or the photos could not be kept. */
        BROKEN
    }

    /**
     * A file that was not imported.
     *
     * @param file its path as seen from the folder
     * @param reason why
     */
    public record Left(String file, String reason) {}
}
