package io.taskmanager.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskmanager.sample.image.Pictures;
import io.taskmanager.sample.web.Service;
import io.taskmanager.sample.web.Service.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, killed in the middle of a durable import, and another that goes on with it. */
class DurableImportTest {

    private static final int PICTURES = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private Path pictures;
    private Path output;
    private Process process;

    @BeforeEach
    void layOut() throws IOException {
        pictures = Files.createDirectory(folder.resolve("pictures"));
        output = folder.resolve("output.txt");
        byte[] large = Pictures.jpeg(2000, 1500, 1); // takes a worker long enough to be killed in it
        for (int number = 0; number < PICTURES; number++) {
            Path picture = pictures.resolve(number + ".jpg");
            Files.write(picture, large);
            Files.write(picture, new byte[] {(byte) number}, StandardOpenOption.APPEND); // a photo of its own
        }
        Files.writeString(pictures.resolve("notes.png"), "no picture");
    }

    @AfterEach
    void endForGood() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void aDurableImportOutlivesAKillAndHasEachPictureOnce() throws Exception {
        Answer accepted = start().postJson("/imports?durable=true", "{\"folder\": \".\"}");
        assertThat(accepted.status()).isEqualTo(202);
        String location = accepted.header("Location");
        Service first = service();
        await().atMost(PATIENCE).until(() -> {
            Answer status = first.get(location);
            return status.<Integer>json("$.done") >= 3 && status.<Integer>json("$.running") >= 1;
        });
        process.destroyForcibly();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(number("tasks", "select count(*) from taskmanager_queue where picked"))
                .as("in flight")
                .isPositive();
        assertThat(number("catalog", "select count(*) from photo")).isLessThan(PICTURES);

        Service second = start();
        await().atMost(PATIENCE)
                .until(() -> !second.get(location).json("$.state").equals("RUNNING"));
        Answer done = second.get(location);
        assertThat(done.<String>json("$.state")).isEqualTo("DONE");
        assertThat(done.<Integer>json("$.total")).isEqualTo(PICTURES + 1);
        assertThat(done.<Integer>json("$.done")).isEqualTo(PICTURES);
        assertThat(done.<String>json("$.failures[0].file")).isEqualTo("notes.png");
        assertThat(second.get("/photos").<Integer>json("$.total")).isEqualTo(PICTURES);
        assertThat(second.delete(location).<String>json("$.state")).isEqualTo("DONE"); // too late to cancel it
        assertThat(second.get("/imports/nothing").status()).isEqualTo(404);
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(number(
                        "tasks",
                        "select count(*) from taskmanager_history where deliveries > 1 and state = 'SUCCEEDED'"))
                .as("begun by the first, done by the second")
                .isPositive();
    }

    private Service start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SampleApplication.class.getName(),
                        "--spring.profiles.active=durable",
                        "--server.port=0",
                        "--photos.import-samples=false",
                        "--photos.import-root=" + pictures,
                        "--taskmanager.durable.heartbeat-interval=500ms", // the dead are found after 2 s
                        "--taskmanager.durable.missed-heartbeats-limit=4",
                        "--taskmanager.durable.retry.backoff.initial=100ms")
                .directory(folder.toFile()) // and so the default of photos.data, as with mvn spring-boot:run
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return service();
    }

    private Service service() {
        Pattern address = Pattern.compile("http://localhost:(\\d+)/photos");
        Matcher matcher =
                await().atMost(PATIENCE).until(() -> address.matcher(Files.readString(output)), Matcher::find);
        return new Service(Integer.parseInt(matcher.group(1)));
    }

    private long number(String database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:h2:file:" + folder.resolve("data").resolve(database) + ";IFEXISTS=TRUE");
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
