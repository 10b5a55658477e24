package io.taskmanager.sample.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskmanager.sample.image.Pictures;
import io.taskmanager.sample.web.Service.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Imports over real HTTP, the bundled pictures among them. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "photos.import-window=4")
@DirtiesContext
class ImportHttpTest {

    private static final int BUNDLED = 11;

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    private Service service;

    @DynamicPropertySource
    static void useFolder(DynamicPropertyRegistry properties) throws IOException {
        Files.createDirectories(folder.resolve("root"));
        properties.add("photos.data", () -> folder.resolve("data"));
        properties.add("photos.import-root", () -> folder.resolve("root"));
    }

    @BeforeEach
    void connectWhenTheBundledPicturesAreIn() {
        service = new Service(port);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> service.get("/photos").<Integer>json("$.total") >= BUNDLED);
    }

    @Test
    void theFirstStartImportsTheBundledPictures() throws Exception {
        Answer photos = service.get("/photos?size=100");

        assertThat(photos.<List<Integer>>json("$.photos[*].orientation")).contains(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(photos.<List<String>>json("$.photos[*].format")).contains("jpeg", "png", "gif", "bmp");
        assertThat(service.get("/").text()).contains("Photo catalogue");
    }

    @Test
    void aFolderIsImportedToTheLastFile() throws Exception {
        Path holiday = Files.createDirectories(folder.resolve("root/holiday/sea"));
        int good = 30;
        for (int number = 0; number < good; number++) {
            Files.write(holiday.resolve(number + ".jpg"), Pictures.numbered(number));
        }
        Files.write(holiday.resolve("again.jpg"), Pictures.numbered(0));
        Files.write(holiday.resolve("cut.jpg"), Arrays.copyOf(Pictures.numbered(0), 500));
        Files.writeString(holiday.resolve("notes.png"), "no picture");
        Files.writeString(holiday.resolve("readme.txt"), "not even called one");
        Files.createSymbolicLink(holiday.resolve("passwd.jpg"), Path.of("/etc/passwd"));

        Answer accepted = service.postJson("/imports", "{\"folder\": \"holiday\"}");
        assertThat(accepted.status()).isEqualTo(202);
        String location = accepted.header("Location");
        assertThat(location).isEqualTo("/imports/" + accepted.json("$.id"));

        await().atMost(Duration.ofSeconds(60))
                .until(() -> service.get(location).json("$.state").equals("DONE"));
        Answer done = service.get(location);
        assertThat(done.<Integer>json("$.total")).isEqualTo(good + 4);
        assertThat(done.<Integer>json("$.done")).isEqualTo(good + 1);
        assertThat(done.<Integer>json("$.added")).isEqualTo(good);
        assertThat(done.<Integer>json("$.failed")).isEqualTo(3);
        assertThat(done.<Integer>json("$.remaining")).isZero();
        assertThat(done.<Double>json("$.photosPerSecond")).isPositive();
        List<Map<String, String>> failures = done.json("$.failures");
        assertThat(failures)
                .extracting(failure -> failure.get("file"))
                .containsExactlyInAnyOrder("sea/cut.jpg", "sea/notes.png", "sea/passwd.jpg");
        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure.get("reason")).isNotBlank());
        assertThat(journalLines(accepted.json("$.id"))).isEqualTo(good + 1);
    }

    private static long journalLines(String importId) throws IOException {
        return Files.readAllLines(folder.resolve("data/import-journal.log")).stream()
                .filter(line -> line.contains(importId))
                .count();
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"folder\": \"..\"}', 403",
        "'{\"folder\": \"../data\"}', 403",
        "'{\"folder\": \"/etc\"}', 403",
        "'{\"folder\": \"nothing\"}', 404",
        "'{\"folder\": \"%2e%2e/data\"}', 404",
        "'{\"folder\": \"\\u0000\"}', 400",
        "'{\"folder\": null}', 400",
        "'{}', 400",
        "'{\"folder\":', 400",
    })
    void aFolderThatCanNotBeImportedSaysWhy(String json, int status) throws Exception {
        Answer answer = service.postJson("/imports", json);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void anImportIsStartedWithJsonOnly() throws Exception {
        assertThat(service.post("/imports", "text/plain", new byte[0]).status()).isEqualTo(415);
    }

    @Test
    void anUnknownImportIs404() throws Exception {
        assertThat(service.get("/imports/nothing").status()).isEqualTo(404);
    }
}
