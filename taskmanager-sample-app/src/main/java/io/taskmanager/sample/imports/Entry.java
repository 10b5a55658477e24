package io.taskmanager.sample.imports;

import java.nio.file.Path;

/**
 * Something that lies in a folder.
 *
 * @param path where
 * @param kind what an import does with it
 * @param reason why it is not read; empty for a picture
 */
record Entry(Path path, Kind kind, String reason) {

    static Entry picture(Path path) {
        return new Entry(path, Kind.PICTURE, "");
    }

    static Entry skipped(Path path, String reason) {
        return new Entry(path, Kind.SKIPPED, reason);
    }

    static Entry unreadable(Path path, String reason) {
        return new Entry(path, Kind.UNREADABLE, reason);
    }

    enum Kind {
        /** By its name a picture. */
        PICTURE,
        /** Nothing that could be one. */
        SKIPPED,
        /** A folder that can't be looked into, or something that can't be looked at. */
        UNREADABLE
    }
}
