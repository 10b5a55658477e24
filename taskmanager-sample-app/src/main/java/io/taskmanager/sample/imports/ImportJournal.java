package io.taskmanager.sample.imports;

import io.taskmanager.sample.catalog.Photo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;

/**
 * A text file with one line for each photo imported: time, import, photo, and the file as a URI, where no name can forge
 * a line. Appending twice would be wrong, so the tasks that do it are queued "once".
 */
public final class ImportJournal {

    private final Path file;
    private final Clock clock;

    public ImportJournal(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    synchronized void append(String importId, Photo photo) throws IOException {
        String line = String.join("\t", clock.instant().toString(), importId, photo.id(), photo.source());
        Files.writeString(
                file, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
