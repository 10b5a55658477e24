package io.taskmanager.spring.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

import io.taskmanager.TaskManager;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

@SpringBootTest
class MockedThumbnailsTest {

    @MockitoBean
    TaskManager<ImageProcessor, Object> images;

    @Autowired
    Thumbnails thumbnails;

    @Test
    void asksWithPriority() throws Exception {
        given(images.<byte[]>queueTaskWithPriority(any())).willReturn(new byte[] {1});

        assertThat(thumbnails.now(Path.of("picture"))).containsExactly(1);
    }
}
