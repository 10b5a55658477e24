package io.taskmanager.sample.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.sample.catalog.Photo;
import io.taskmanager.sample.catalog.Photos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written to the journal. */
class ImportJournalTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2025-06-01T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void eachPhotoIsALine() throws IOException {
        Path file = folder.resolve("journal.log");
        ImportJournal journal = new ImportJournal(file, NOON);
        journal.append("import-1", Photos.numbered(1));
        journal.append("import-1", Photos.numbered(2));

        assertThat(file)
                .hasContent("2025-06-01T12:00:00Z\timport-1\t"
                        + Photos.numbered(1).id() + "\tfile:///photos/photo-1.jpg\n"
                        + "2025-06-01T12:00:00Z\timport-1\t"
                        + Photos.numbered(2).id() + "\tfile:///photos/photo-2.jpg\n");
    }

    @Test
    void aFileNameCanNotForgeALine() throws IOException {
        Path file = folder.resolve("journal.log");
        Photo odd = Photos.numbered(1).movedTo(Path.of("/photos/a\n2025\tforged.jpg"));
        new ImportJournal(file, NOON).append("import-1", odd);

        assertThat(Files.readAllLines(file)).hasSize(1).first().asString().endsWith("/photos/a%0A2025%09forged.jpg");
    }
}
