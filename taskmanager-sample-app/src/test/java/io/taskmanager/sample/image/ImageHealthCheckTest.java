package io.taskmanager.sample.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Whom the health check blames. */
class ImageHealthCheckTest {

    private final ImageHealthCheck check = new ImageHealthCheck();

    @Test
    void badFilesAreNotTheProcessorsFault() {
        assertThat(check.isHealthy(new UnreadableImageException("a.jpg", "truncated", null)))
                .isTrue();
        assertThat(check.isHealthy(new ImageTooLargeException("huge"))).isTrue();
        assertThat(check.isHealthy(new IOException("gone"))).isTrue();
    }

    @Test
    void lackOfMemoryIsReasonToDropItsBuffers() {
        assertThat(check.isHealthy(new OutOfMemoryError())).isFalse();
    }
}
