package io.taskmanager.sample.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.taskmanager.sample.image.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The examples of the README, as a shell runs them, with the profiles that {@code spring-boot:run} has. */
@ActiveProfiles({"demo", "durable"})
class ReadmeTest extends ServiceHttpTest {

    @DynamicPropertySource
    static void useRoot(DynamicPropertyRegistry properties) {
        properties.add("photos.import-root", () -> folder);
    }

    @Test
    void theExamplesWithCurlWork() throws Exception {
        Files.write(folder.resolve("holiday.jpg"), Pictures.numbered(1));
        List<String> examples = Files.readAllLines(Path.of("README.md")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("curl "))
                .toList();

        assertThat(examples).hasSizeGreaterThanOrEqualTo(6);
        for (String example : examples) {
            String here = example.replace("curl ", "curl --silent --show-error --fail ")
                    .replace("localhost:8080", "localhost:" + port);
            assertThat(shell(here)).as(here).isZero();
        }
    }

    private static int shell(String command) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "skipped: there is no curl here");
        return new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("answer.txt").toFile())
                .start()
                .waitFor();
    }
}
