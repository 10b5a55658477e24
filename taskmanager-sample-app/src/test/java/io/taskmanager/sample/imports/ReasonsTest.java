package io.taskmanager.sample.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.taskmanager.TaskExecutionException;
import io.taskmanager.sample.image.UnreadableImageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an import says of a file that failed. */
class ReasonsTest {

    @Test
    void theReasonIsWhatTheTaskThrew() {
        Throwable thrown = new CompletionException(
                new TaskExecutionException("task failed", new UnreadableImageException("a.jpg", "it is empty", null)));

        assertThat(Reasons.of(thrown)).isEqualTo("\"a.jpg\" can't be read as a picture: it is empty");
    }

    @ParameterizedTest
    @MethodSource
    void thePathsOfThisMachineStayHere(Exception thrown, String reason) {
        assertThat(Reasons.of(new CompletionException(thrown))).isEqualTo(reason);
    }

    static Stream<Arguments> thePathsOfThisMachineStayHere() {
        String path = "/home/me/a.jpg";
        return Stream.of(
                arguments(new NoSuchFileException(path), "it can't be read: there is no such file or folder"),
                arguments(new FileNotFoundException(path), "it can't be read: there is no such file or folder"),
                arguments(new AccessDeniedException(path), "it can't be read: permission denied"),
                arguments(new FileSystemException(path, null, "Too many levels"), "it can't be read: Too many levels"),
                arguments(new FileSystemLoopException(path), "it can't be read: FileSystemLoopException"),
                arguments(new IOException("Input/output error"), "it can't be read: Input/output error"),
                arguments(
                        new IllegalStateException("odd: " + path),
                        "the service failed with a IllegalStateException; its log says more"));
    }
}
