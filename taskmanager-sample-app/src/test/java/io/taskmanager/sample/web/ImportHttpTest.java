package io.taskmanager.sample.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskmanager.sample.image.ContentHash;
import io.taskmanager.sample.image.Pictures;
import io.taskmanager.sample.store.SpecialFiles;
import io.taskmanager.sample.web.Service.Answer;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** Imports over real HTTP, the bundled pictures among them. */
@TestPropertySource(
        properties = {
            "photos.import-samples=true",
            "photos.import-window=4",
        })
class ImportHttpTest extends ServiceHttpTest {

    private static final int BUNDLED = 11;

    @DynamicPropertySource
    static void useRoot(DynamicPropertyRegistry properties) throws IOException {
        Files.createDirectories(folder.resolve("root"));
        properties.add("photos.import-root", () -> folder.resolve("root"));
    }

    @BeforeEach
    void awaitTheBundledPictures() {
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
        assertThat(done.<Integer>json("$.total")).isEqualTo(good + 5);
        assertThat(done.<Integer>json("$.done")).isEqualTo(good + 1);
        assertThat(done.<Integer>json("$.added")).isEqualTo(good);
        assertThat(done.<Integer>json("$.failed")).isEqualTo(3);
        assertThat(done.<Integer>json("$.skipped")).isEqualTo(1);
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

    @Test
    void whatIsNoPictureIsALineAndHoldsNothingUp() throws Exception {
        Path odd = Files.createDirectories(folder.resolve("root/odd"));
        Files.write(odd.resolve("good.jpg"), Pictures.numbered(100));
        SpecialFiles.pipe(odd.resolve("pipe.jpg"));
        Files.createSymbolicLink(odd.resolve("link to a pipe.png"), odd.resolve("pipe.jpg"));
        Files.createSymbolicLink(odd.resolve("loop-1.jpg"), odd.resolve("loop-2.jpg"));
        Files.createSymbolicLink(odd.resolve("loop-2.jpg"), odd.resolve("loop-1.jpg"));
        Files.createSymbolicLink(odd.resolve("dangling.jpg"), odd.resolve("nothing"));
        Files.createSymbolicLink(odd.resolve("folder.jpg"), folder.resolve("root"));
        Files.createFile(odd.resolve("empty.jpg"));
        Files.createFile(odd.resolve("notes.txt"));
        SpecialFiles.pipe(odd.resolve("pipe"));
        SpecialFiles.bottomless(odd.resolve("deep"));
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(odd.resolve("socket.jpg")));

            Answer done = imported("odd");

            assertThat(done.<String>json("$.state")).isEqualTo("DONE");
            assertThat(done.<Integer>json("$.done")).isEqualTo(1);
            assertThat(done.<Integer>json("$.remaining")).isZero();
            assertThat(reasons(done, "failures"))
                    .hasSize(8)
                    .hasEntrySatisfying("pipe.jpg", reason -> assertThat(reason).contains("a pipe, a socket"))
                    .hasEntrySatisfying(
                            "link to a pipe.png", reason -> assertThat(reason).contains("a pipe, a socket"))
                    .hasEntrySatisfying(
                            "socket.jpg", reason -> assertThat(reason).contains("a pipe, a socket"))
                    .hasEntrySatisfying(
                            "loop-1.jpg", reason -> assertThat(reason).contains("Too many levels"))
                    .hasEntrySatisfying(
                            "loop-2.jpg", reason -> assertThat(reason).contains("Too many levels"))
                    .hasEntrySatisfying(
                            "dangling.jpg", reason -> assertThat(reason).contains("no such file"))
                    .hasEntrySatisfying(
                            "empty.jpg", reason -> assertThat(reason).contains("it is no JPEG"));
            assertThat(reasons(done, "failures").values()).anyMatch(reason -> reason.contains("File name too long"));
            assertThat(reasons(done, "skips")).containsOnlyKeys("folder.jpg", "notes.txt", "pipe");
            assertThat(done.text()).doesNotContain(folder.toString());
        } finally {
            SpecialFiles.deleteAll(odd.resolve("deep"));
        }
    }

    @Test
    void aDataFolderThatCanNotBeWrittenEndsAnImportInAWord() throws Exception {
        Path pictures = Files.createDirectories(folder.resolve("root/unkept"));
        List<Path> blockers = new ArrayList<>();
        for (int number = 200; number < 240; number++) {
            byte[] file = Pictures.numbered(number);
            Files.write(pictures.resolve(number + ".jpg"), file);
            Path blocker = folder.resolve("data/thumbnails")
                    .resolve(ContentHash.of(file).substring(0, 2));
            if (!Files.exists(blocker)) {
                blockers.add(Files.createFile(blocker));
            }
        }
        assertThat(blockers).isNotEmpty();

        Answer broken = imported("unkept");

        assertThat(broken.<String>json("$.state")).isEqualTo("BROKEN");
        assertThat(broken.<String>json("$.fault")).contains("photos.data").doesNotContain(folder.toString());
        assertThat(broken.<Integer>json("$.failed")).isZero();
        assertThat(broken.<Integer>json("$.remaining")).isPositive();
        for (Path blocker : blockers) {
            Files.delete(blocker);
        }
        assertThat(imported("unkept").<Integer>json("$.done")).isEqualTo(40);
    }

    @Test
    void aJournalThatCanNotBeWrittenIsNoPhotosFault() throws Exception {
        Path pictures = Files.createDirectories(folder.resolve("root/unnoted"));
        Files.write(pictures.resolve("a.jpg"), Pictures.numbered(300));
        Path journal = folder.resolve("data/import-journal.log");
        Files.move(journal, folder.resolve("kept.log"));
        Files.createDirectory(journal);
        try {
            Answer broken = imported("unnoted");

            assertThat(broken.<String>json("$.state")).isEqualTo("BROKEN");
            assertThat(broken.<String>json("$.fault")).contains("journal").doesNotContain(folder.toString());
            assertThat(broken.<Integer>json("$.failed")).isZero();
        } finally {
            Files.delete(journal);
            Files.move(folder.resolve("kept.log"), journal);
        }
    }

    @Test
    void allImportsAreListedTheLatestFirst() throws Exception {
        Files.createDirectories(folder.resolve("root/listed"));
        String first = imported("listed").json("$.id");
        String second = imported("listed").json("$.id");

        assertThat(service.get("/imports").<List<String>>json("$[*].id")).startsWith(second, first);
        assertThat(service.get("/imports/" + second.toUpperCase(Locale.ROOT)).status())
                .isEqualTo(200);
    }

    @Test
    void anImportThatHasEndedIsNotCancelledAnyMore() throws Exception {
        Files.createDirectories(folder.resolve("root/ended"));
        String id = imported("ended").json("$.id");

        Answer answer = service.delete("/imports/" + id);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.<String>json("$.state")).isEqualTo("DONE");
        assertThat(service.delete("/imports/nothing").status()).isEqualTo(404);
    }

    /** Imports a folder of the root, and returns how it ended. */
    private Answer imported(String name) throws IOException, InterruptedException {
        String location =
                service.postJson("/imports", "{\"folder\": \"" + name + "\"}").header("Location");
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> service.get(location),
                        answer -> !List.of("WAITING", "RUNNING").contains(answer.<String>json("$.state")));
    }

    private static Map<String, String> reasons(Answer done, String list) {
        List<Map<String, String>> left = done.json("$." + list);
        return left.stream().collect(Collectors.toMap(each -> each.get("file"), each -> each.get("reason")));
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
        "'{\"folder\": {}}', 400",
        "'[]', 400",
        "'\"holiday\"', 400",
        "'', 400",
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
    void aDurableImportWantsDurableTasksOn() throws Exception {
        Answer answer = service.postJson("/imports?durable=true", "{\"folder\": \".\"}");

        assertThat(answer.status()).isEqualTo(501);
        assertThat(answer.<String>json("$.detail")).contains("--taskmanager.durable.enabled=true");
    }

    @Test
    void anUnknownImportIs404() throws Exception {
        assertThat(service.get("/imports/nothing").status()).isEqualTo(404);
    }
}
