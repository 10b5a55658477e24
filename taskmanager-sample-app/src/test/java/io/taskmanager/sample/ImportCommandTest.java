package io.taskmanager.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.taskmanager.sample.image.ContentHash;
import io.taskmanager.sample.image.Pictures;
import io.taskmanager.sample.store.SpecialFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The command line, from its arguments to its exit code. */
@ExtendWith(OutputCaptureExtension.class)
class ImportCommandTest {

    @TempDir
    Path folder;

    private Path pictures;

    @BeforeEach
    void layOut() throws IOException {
        pictures = Files.createDirectory(folder.resolve("pictures"));
        for (int number = 0; number < 20; number++) {
            Files.write(pictures.resolve(number + ".jpg"), Pictures.numbered(number));
        }
    }

    @Test
    void aFolderOfGoodPicturesIsImportedWithExitCode0(CapturedOutput output) throws IOException {
        int exitCode = run(pictures);

        assertThat(exitCode).isZero();
        assertThat(output)
                .contains("DONE: 20 found, 20 done (20 new), 0 failed")
                .contains("20 of 20")
                .contains("images", "20 completed, 0 failed, 0 retried")
                .contains("catalog", "40 completed, 0 failed, 0 retried")
                .containsPattern("images: resources: (\\d+) created, \\1 destroyed")
                .containsPattern("catalog: resources: (\\d+) created, \\1 destroyed");
        assertThat(filesBelow(folder.resolve("data/thumbnails"))).hasSize(20 * 3);
        // A worker counts until its resource is destroyed; then its thread has nothing left to do but to end.
        await().untilAsserted(() ->
                assertThat(threads()).noneMatch(name -> name.startsWith("images-") || name.startsWith("catalog-")));
    }

    @Test
    void aSecondRunFindsNothingNew(CapturedOutput output) {
        run(pictures);

        assertThat(run(pictures)).isZero();
        assertThat(output).contains("DONE: 20 found, 20 done (0 new), 0 failed");
    }

    @Test
    void aBadPictureIsNamedAndTheExitCodeIs1(CapturedOutput output) throws IOException {
        Files.write(pictures.resolve("cut.jpg"), Arrays.copyOf(Pictures.numbered(1), 500));

        assertThat(run(pictures)).isEqualTo(1);
        assertThat(output)
                .contains("DONE: 21 found, 20 done (20 new), 1 failed")
                .contains("failed: cut.jpg: \"cut.jpg\" can't be read as a picture");
    }

    @Test
    void onePictureIsOneWhateverTheWord(CapturedOutput output) throws IOException {
        Path one = Files.createDirectory(folder.resolve("one"));
        Files.write(one.resolve("a.jpg"), Pictures.numbered(1));

        assertThat(run(one)).isZero();
        assertThat(output)
                .contains("DONE: 1 found, 1 done (1 new), 0 failed, 0 skipped, 0 not imported")
                .doesNotContainPattern("\\b1 (files|pictures|resources)\\b");
    }

    @Test
    void aFolderMayHaveASpaceInItsName(CapturedOutput output) throws IOException {
        Path spaced = Files.createDirectory(folder.resolve("My Photos"));
        Files.write(spaced.resolve("my photo.jpg"), Pictures.numbered(1));

        assertThat(run(spaced)).isZero();
        assertThat(output).contains("importing " + spaced.toRealPath()).contains("DONE: 1 found, 1 done (1 new)");
    }

    @Test
    void whatIsNotCalledAPictureIsNamedButNoFailure(CapturedOutput output) throws IOException {
        for (int number = 0; number < 103; number++) {
            Files.createFile(pictures.resolve(number + ".heic"));
        }

        assertThat(run(pictures)).isZero();
        assertThat(output)
                .contains("DONE: 123 found, 20 done (20 new), 0 failed, 103 skipped, 0 not imported")
                .contains("skipped: 7.heic: by its name it is no .jpg, .jpeg, .png, .gif, .bmp or .webp file")
                .contains("skipped: and 3 more");
    }

    @Test
    void aPipeInTheFolderIsNamedAndHoldsNothingUp(CapturedOutput output) throws Exception {
        SpecialFiles.pipe(pictures.resolve("pipe.jpg"));

        assertThat(run(pictures)).isEqualTo(1);
        assertThat(output)
                .contains("DONE: 21 found, 20 done (20 new), 1 failed")
                .contains("failed: pipe.jpg: \"pipe.jpg\" can't be read as a picture: it is a folder, a pipe");
    }

    @Test
    void photosThatCanNotBeKeptAreOneErrorInAWord(CapturedOutput output) throws IOException {
        Path thumbnails = Files.createDirectories(folder.resolve("data/thumbnails"));
        for (int number = 0; number < 20; number++) {
            Path blocker =
                    thumbnails.resolve(ContentHash.of(Pictures.numbered(number)).substring(0, 2));
            if (!Files.exists(blocker)) {
                Files.createFile(blocker);
            }
        }

        assertThat(run(pictures)).isEqualTo(1);
        assertThat(output)
                .contains("BROKEN: 20 found, 0 done (0 new), 0 failed, 0 skipped, 20 not imported")
                .containsOnlyOnce("broken: the data folder can't be written")
                .doesNotContain("failed: ");
    }

    @Test
    void aDataFolderThatCanNotBeWrittenEndsTheStartInAWord(CapturedOutput output) throws IOException {
        Files.createFile(folder.resolve("data"));

        assertThatThrownBy(() -> run(pictures)).hasRootCauseInstanceOf(IOException.class);
        assertThat(output)
                .contains("APPLICATION FAILED TO START", "the data folder can't be written", "photos.data=FOLDER")
                .doesNotContain("\tat ");
    }

    @Test
    void anEmptyFolderIsNoError(CapturedOutput output) throws IOException {
        assertThat(run(Files.createDirectory(folder.resolve("empty")))).isZero();
        assertThat(output).contains("DONE: 0 found");
    }

    @Test
    void aFolderThatIsNotThereIsAnErrorInAWord(CapturedOutput output) {
        assertThat(run(folder.resolve("nothing"))).isEqualTo(1);
        assertThat(output).contains("there is no folder").doesNotContain("Exception");
    }

    @Test
    void noFolderIsAnErrorInAWord(CapturedOutput output) {
        assertThat(SampleApplication.command("--import", "--photos.data=" + folder.resolve("data")))
                .isEqualTo(1);
        assertThat(output).contains("name the folder").doesNotContain("importing");
    }

    private int run(Path from) {
        return SampleApplication.command("--import=" + from, "--photos.data=" + folder.resolve("data"));
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }
}
