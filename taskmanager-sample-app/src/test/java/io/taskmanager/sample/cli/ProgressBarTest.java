package io.taskmanager.sample.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.sample.imports.ImportStatus;
import io.taskmanager.sample.imports.ImportStatus.State;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an import looks like while it runs. */
class ProgressBarTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, UTF_8);

    @Test
    void aTerminalShowsABarThatIsDrawnOver() {
        ProgressBar bar = new ProgressBar(out, true);
        bar.show(status(0));
        bar.show(status(50));
        bar.end(status(100));

        assertThat(bytes.toString(UTF_8).split("\r"))
                .containsExactly(
                        "",
                        "[" + ".".repeat(40) + "] 0 of 100, 0 failed, 12.5 photos/s",
                        "[" + "#".repeat(20) + ".".repeat(20) + "] 50 of 100, 0 failed, 12.5 photos/s",
                        "[" + "#".repeat(40) + "] 100 of 100, 0 failed, 12.5 photos/s" + System.lineSeparator());
    }

    @Test
    void elsewhereEachTenthIsALine() {
        ProgressBar bar = new ProgressBar(out, false);
        for (int done = 0; done <= 100; done++) {
            bar.show(status(done));
        }
        bar.end(status(100));

        assertThat(bytes.toString(UTF_8).lines())
                .hasSize(11)
                .startsWith("0 of 100, 0 failed, 12.5 photos/s", "10 of 100, 0 failed, 12.5 photos/s")
                .endsWith("100 of 100, 0 failed, 12.5 photos/s");
    }

    private static ImportStatus status(long done) {
        return new ImportStatus(
                "1", "/photos", State.RUNNING, 100, done, done, 0, 0, 100 - done, 12.5, List.of(), List.of(), null);
    }
}
