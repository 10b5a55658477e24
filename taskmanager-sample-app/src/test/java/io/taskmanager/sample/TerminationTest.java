package io.taskmanager.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskmanager.sample.image.Pictures;
import io.taskmanager.sample.web.Service;
import io.taskmanager.sample.web.Service.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, terminated in the middle of an import. */
@Tag("once")
class TerminationTest {

    private static final int PICTURES = 1000;
    private static final int TERMINATED = 128 + 15;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path pictures;
    private Path output;
    private Process process;

    @BeforeEach
    void layOut() throws IOException {
        pictures = Files.createDirectory(folder.resolve("pictures"));
        output = folder.resolve("output.txt");
        byte[] large = Pictures.jpeg(1000, 600, 1);
        for (int number = 0; number < PICTURES; number++) {
            Path picture = pictures.resolve(number + ".jpg");
            // A link costs nothing; every hundredth is a photo of its own.
            if (number % 100 == 0) {
                Files.write(picture, Pictures.numbered(number));
            } else if (number == 1) {
                Files.write(picture, large);
            } else {
                Files.createLink(picture, pictures.resolve("1.jpg"));
            }
        }
    }

    @AfterEach
    void endForGood() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void theCommandFinishesWhatItBeganAndEnds() throws Exception {
        start("--import=" + pictures);
        awaitJournal();

        terminate();

        assertNothingIsHalfDone();
    }

    @Test
    void theServiceFinishesWhatItBeganAndEnds() throws Exception {
        start("--server.port=0", "--photos.import-samples=false", "--photos.import-root=" + pictures);
        Service service = new Service(Integer.parseInt(awaitOutput("http://localhost:(\\d+)/photos")));
        assertThat(service.postJson("/imports", "{\"folder\": \".\"}").status()).isEqualTo(202);
        awaitJournal();

        terminate();

        assertNothingIsHalfDone();
    }

    @Test
    void whatWasAcknowledgedOutlivesAKill() throws Exception {
        String[] arguments = {"--server.port=0", "--photos.import-samples=false"};
        start(arguments);
        List<String> acknowledged = new ArrayList<>();
        Service service = new Service(Integer.parseInt(awaitOutput("http://localhost:(\\d+)/photos")));
        for (int number = 0; number < 5; number++) {
            Answer answer = service.post("/photos", "image/jpeg", Pictures.numbered(number));
            assertThat(answer.status()).isEqualTo(201);
            acknowledged.add(answer.header("Location"));
        }
        process.destroyForcibly();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        start(arguments);
        Service again = new Service(Integer.parseInt(awaitOutput("http://localhost:(\\d+)/photos")));
        for (String location : acknowledged) {
            assertThat(again.get(location + "/preview").status()).isEqualTo(200);
        }
    }

    private void start(String... arguments) throws IOException {
        List<String> all =
                new ArrayList<>(List.of("--photos.import-window=8", "--photos.data=" + folder.resolve("data")));
        all.addAll(List.of(arguments));
        process = SampleCommand.with(all)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private void terminate() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the process ends")
                .isTrue();
        assertThat(process.exitValue()).isEqualTo(TERMINATED);
    }

    private void awaitJournal() {
        await().atMost(PATIENCE).until(() -> journalLines() >= 5);
    }

    private String awaitOutput(String pattern) {
        return await().atMost(PATIENCE).until(() -> found(pattern), found -> !found.isEmpty());
    }

    private void assertNothingIsHalfDone() throws IOException, SQLException {
        long done = Long.parseLong(found("STOPPED: " + PICTURES + " found, (\\d+) done"));
        assertThat(found("(\\d+) failed, 0 skipped, \\d+ not imported")).isEqualTo("0");
        assertThat(done).isBetween(5L, (long) PICTURES - 1);
        assertThat(journalLines()).isEqualTo(done);
        assertThat(journalledPhotos()).isEqualTo(cataloguedPhotos());
        assertThat(Files.readString(output))
                .containsPattern("images: resources: (\\d+) created, \\1 destroyed")
                .containsPattern("catalog: resources: (\\d+) created, \\1 destroyed");
    }

    private String found(String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(output));
        return matcher.find() ? matcher.group(1) : "";
    }

    private long journalLines() throws IOException {
        return journal().size();
    }

    private long journalledPhotos() throws IOException {
        return journal().stream()
                .map(line -> line.split("\t", -1)[2])
                .distinct()
                .count();
    }

    private List<String> journal() throws IOException {
        Path journal = folder.resolve("data/import-journal.log");
        return Files.exists(journal) ? Files.readAllLines(journal) : List.of();
    }

    private long cataloguedPhotos() throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:h2:file:" + folder.resolve("data/catalog") + ";IFEXISTS=TRUE");
                ResultSet rows = connection.createStatement().executeQuery("SELECT count(*) FROM photo")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
