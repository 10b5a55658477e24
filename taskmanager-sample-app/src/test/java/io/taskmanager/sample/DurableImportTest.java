package io.taskmanager.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.sample.catalog.PostgresCluster;
import io.taskmanager.sample.image.Pictures;
import io.taskmanager.sample.web.Service;
import io.taskmanager.sample.web.Service.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, killed in the middle of a durable import, and another that goes on with it. */
@Tag("once")
class DurableImportTest {

    private static final int PICTURES = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String USER = "photos";

    private final List<ServiceProcess> processes = new ArrayList<>();

    @TempDir
    Path folder;

    private Path pictures;

    @BeforeEach
    void layOut() throws IOException {
        pictures = Files.createDirectory(folder.resolve("pictures"));
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
        processes.forEach(ServiceProcess::close);
    }

    @Test
    void aDurableImportOutlivesAKillAndHasEachPictureOnce() throws Exception {
        ServiceProcess killed = start();
        Service first = killed.service();
        String location = importAll(first);
        await().atMost(PATIENCE).until(() -> {
            Answer status = first.get(location);
            return status.<Integer>json("$.done") >= 3 && status.<Integer>json("$.running") >= 1;
        });
        killed.kill();

        assertThat(number(h2("tasks"), "", "select count(*) from taskmanager_queue where picked"))
                .as("in flight")
                .isPositive();
        assertThat(number(h2("catalog"), "", "select count(*) from photo")).isLessThan(PICTURES);

        ServiceProcess stopped = start();
        Service second = stopped.service();
        assertAllIsImported(second, location);
        assertThat(second.delete(location).<String>json("$.state")).isEqualTo("DONE"); // too late to cancel it
        assertThat(second.get("/imports/nothing").status()).isEqualTo(404);
        stopped.stop();
        assertThat(taken(h2("tasks"), ""))
                .as("begun by the first, done by the second")
                .isPositive();
    }

    /** With one catalogue too, and one data folder, which on several machines is a mounted one. */
    @Test
    void anotherServiceThatRunsOnTheSameDatabaseFinishesAnImport() throws Exception {
        Optional<Path> server = PostgresCluster.installed();
        assumeTrue(server.isPresent(), "skipped: no PostgreSQL server is installed here (Debian: postgresql)");
        try (PostgresCluster cluster = PostgresCluster.start(server.get())) {
            String url = cluster.url();
            createTables(url);
            String[] shared = {
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=" + USER,
                "--photos.jdbc-url=" + url,
                "--photos.jdbc-username=" + USER
            };
            ServiceProcess killed = start(shared);
            Service first = killed.service();
            Service second = start(shared).service();
            String location = importAll(first);
            String inFlight =
                    "select count(*) from taskmanager_queue where picked and picked_by like '%:" + killed.pid() + "'";
            await().atMost(PATIENCE).until(() -> number(url, USER, inFlight) > 0);
            killed.kill();

            assertAllIsImported(second, location);
            assertThat(taken(url, USER))
                    .as("begun by the first, done by the second")
                    .isPositive();
        }
    }

    private ServiceProcess start(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--taskmanager.durable.enabled=true",
                "--photos.import-root=" + pictures,
                "--taskmanager.durable.heartbeat-interval=500ms", // the dead are found after 2 s
                "--taskmanager.durable.missed-heartbeats-limit=4",
                "--taskmanager.durable.retry.backoff.initial=100ms"));
        arguments.addAll(List.of(more));
        ServiceProcess process = new ServiceProcess(folder, arguments);
        processes.add(process);
        return process;
    }

    /** Returns where to ask about it. */
    private static String importAll(Service service) throws IOException, InterruptedException {
        Answer accepted = service.postJson("/imports?durable=true", "{\"folder\": \".\"}");
        assertThat(accepted.status()).isEqualTo(202);
        return accepted.header("Location");
    }

    private static void assertAllIsImported(Service service, String location) throws IOException, InterruptedException {
        await().atMost(PATIENCE)
                .until(() -> !service.get(location).json("$.state").equals("RUNNING"));
        Answer done = service.get(location);
        assertThat(done.<String>json("$.state")).isEqualTo("DONE");
        assertThat(done.<Integer>json("$.total")).isEqualTo(PICTURES + 1);
        assertThat(done.<Integer>json("$.done")).isEqualTo(PICTURES);
        assertThat(done.<String>json("$.failures[0].file")).isEqualTo("notes.png");
        assertThat(service.get("/photos").<Integer>json("$.total")).isEqualTo(PICTURES);
    }

    private static void createTables(String url) throws IOException, SQLException {
        try (InputStream schema = DurableTaskClient.class.getResourceAsStream("schema-postgresql.sql");
                Connection connection = DriverManager.getConnection(url, USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static long taken(String url, String user) throws SQLException {
        return number(
                url, user, "select count(*) from taskmanager_history where deliveries > 1 and state = 'SUCCEEDED'");
    }

    private String h2(String database) {
        return "jdbc:h2:file:" + folder.resolve("data").resolve(database) + ";IFEXISTS=TRUE";
    }

    private static long number(String url, String user, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, "");
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
