package io.taskmanager.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.taskmanager.sample.web.ServiceHttpTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code --watch} and {@code --help} in a process of their own, beside a service that runs. */
class WatchProcessTest extends ServiceHttpTest {

    private static final int PATIENCE_SECONDS = 60;

    @Test
    void aSnapshotOfTheServiceIsAllThatIsPrinted() throws Exception {
        assertThat(run("--watch=http://localhost:" + port + "/actuator/taskmanager", "--once", "--json"))
                .isZero();

        String printed = printed("out");
        assertThat(printed).hasLineCount(1);
        for (String manager : List.of("images", "catalog")) {
            String path = "$.managers." + manager;
            assertThat(JsonPath.<String>read(printed, path + ".state")).isEqualTo("RUNNING");
            assertThat(JsonPath.<String>read(printed, path + ".why")).startsWith("Nothing waits");
            assertThat(JsonPath.<Integer>read(printed, path + ".stats.activeWorkers"))
                    .isEqualTo(2);
            assertThat(JsonPath.<Integer>read(printed, path + ".metrics.totalTasksFailed"))
                    .isZero();
        }
        assertThat(JsonPath.<Integer>read(printed, "$.managers.images.maxWorkers"))
                .isEqualTo(3);
        assertThat(printed("err")).isEmpty();
    }

    @Test
    void whatIsNotThereIsSaidInALineAndByTheExitCode() throws Exception {
        assertThat(run("--watch=http://localhost:" + port + "/actuator/nothing", "--once"))
                .isEqualTo(4);

        assertThat(printed("out")).isEmpty();
        assertThat(printed("err")).hasLineCount(1).contains("answered 404");
    }

    @Test
    void helpNamesTheCommands() throws Exception {
        assertThat(run("--help")).isZero();

        assertThat(printed("out"))
                .contains("--import=FOLDER", "--watch[=URL]", "--once", "--json")
                .contains("http://localhost:8080/actuator/taskmanager")
                .doesNotContain("Spring");
    }

    private static int run(String... arguments) throws IOException, InterruptedException {
        Process process = SampleCommand.with(List.of(arguments))
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String printed(String to) throws IOException {
        return Files.readString(folder.resolve(to));
    }
}
