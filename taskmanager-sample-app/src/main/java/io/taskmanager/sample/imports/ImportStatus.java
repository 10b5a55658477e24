package io.taskmanager.sample.imports;

import java.util.List;
import java.util.Locale;

/**
 * Where an import stands.
 *
 * @param id the import
 * @param folder what is imported, as seen from the import root
 * @param state where in its life it is
 * @param total files found
 * @param done files that are in the catalogue, new and known
 * @param added those of them that are new
 * @param failed files that could not be imported
 * @param remaining files still to come
 * @param photosPerSecond done and failed files a second, since the import began
 * @param failures the first failed files, with reasons
 */
public record ImportStatus(
        String id,
        String folder,
        State state,
        long total,
        long done,
        long added,
        long failed,
        long remaining,
        double photosPerSecond,
        List<Failure> failures) {

    /** The counts in a line. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "%s: %d files, %d done (%d new), %d failed, %d not imported, %.1f photos/s",
                state,
                total,
                done,
                added,
                failed,
                remaining,
                photosPerSecond);
    }

    /** The life of an import, in order; the last three are ends. */
    public enum State {
        WAITING,
        RUNNING,
        /** Every file was imported, or reported as failed. */
        DONE,
        /** The service was shut down before the end. */
        STOPPED,
        /** The folder could not be read to its end. */
        BROKEN
    }

    /**
     * A file that could not be imported.
     *
     * @param file its path as seen from the folder
     * @param reason why
     */
    public record Failure(String file, String reason) {}
}
