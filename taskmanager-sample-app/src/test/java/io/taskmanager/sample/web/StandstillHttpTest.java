package io.taskmanager.sample.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskmanager.TaskManager;
import io.taskmanager.sample.catalog.CatalogSession;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.image.Pictures;
import io.taskmanager.sample.web.Service.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The service while its managers are paused: nobody waits long, an import waits as long as it takes. */
@TestPropertySource(properties = "photos.queue-timeout=300ms")
class StandstillHttpTest extends ServiceHttpTest {

    @Autowired
    TaskManager<ImageProcessor, Object> images;

    @Autowired
    TaskManager<CatalogSession, Object> catalog;

    @DynamicPropertySource
    static void useRoot(DynamicPropertyRegistry properties) throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        Files.write(root.resolve("one.jpg"), Pictures.numbered(1));
        properties.add("photos.import-root", () -> root);
    }

    @AfterEach
    void resume() {
        images.control().resume();
        catalog.control().resume();
    }

    @Test
    void whileTheCatalogueIsPausedRequestsAre503AndAnImportWaits() throws Exception {
        String self =
                service.post("/photos", "image/jpeg", Pictures.numbered(2)).json("$.links.self");
        catalog.control().pause();
        String location = service.postJson("/imports", "{\"folder\": \".\"}").header("Location");

        for (Answer answer : List.of(
                service.get("/photos"),
                service.get(self),
                service.get(self + "/thumbnail"),
                service.get(self + "/preview"),
                service.delete(self),
                service.post("/photos", "image/jpeg", Pictures.numbered(3)))) {
            assertIs503(answer);
        }
        assertThat(service.get(location).<String>json("$.state")).isEqualTo("RUNNING");

        catalog.control().resume();
        assertThat(service.get(self).status()).isEqualTo(200);
        await().until(() -> service.get(location).<String>json("$.state").equals("DONE"));
        assertThat(service.get(location).<Integer>json("$.done")).isEqualTo(1);
    }

    @Test
    void whileTheImagesArePausedRequestsAre503() throws Exception {
        String self =
                service.post("/photos", "image/jpeg", Pictures.numbered(4)).json("$.links.self");
        images.control().pause();

        assertIs503(service.post("/photos", "image/jpeg", Pictures.numbered(5)));
        assertIs503(service.get(self + "/thumbnail?width=50"));
        // Past the queue, and what needs no processor, still works.
        assertThat(service.get(self + "/preview").status()).isEqualTo(200);
        assertThat(service.get(self + "/thumbnail?width=160").status()).isEqualTo(200);

        images.control().resume();
        assertThat(service.get(self + "/thumbnail?width=50").status()).isEqualTo(200);
    }

    private static void assertIs503(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("2");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        // Both bounds are photos.queue-timeout; on a busy machine the other one may be first.
        assertThat(answer.<String>json("$.detail"))
                .containsPattern("within (its queueTimeout|acquireTimeout) \\(PT0\\.3S\\)");
    }
}
