package io.taskmanager.sample.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskExecutionException;
import io.taskmanager.sample.image.UnreadableImageException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What an import says of a file that failed. */
class ReasonsTest {

    @Test
    void theReasonIsWhatTheTaskThrew() {
        Throwable thrown = new CompletionException(
                new TaskExecutionException("task failed", new UnreadableImageException("a.jpg", "it is empty", null)));

        assertThat(Reasons.of(thrown)).isEqualTo("\"a.jpg\" can't be read as a picture: it is empty");
    }

    @Test
    void anErrorThatNobodyForesawIsNamed() {
        assertThat(Reasons.of(new CompletionException(new IllegalStateException("odd"))))
                .isEqualTo("java.lang.IllegalStateException: odd");
    }

    @Test
    void thePathsOfThisMachineStayHere() {
        assertThat(Reasons.of(new NoSuchFileException("/home/me/a.jpg"))).isEqualTo("NoSuchFileException");
    }
}
