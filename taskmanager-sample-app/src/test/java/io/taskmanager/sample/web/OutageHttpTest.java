package io.taskmanager.sample.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.sample.web.Service.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service without its database, whose name is a path of this machine. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "photos.import-samples=false",
            "photos.queue-timeout=60s", // so that the request is refused with what the database says
            "taskmanager.managers.catalog.acquire-timeout=100ms",
            "taskmanager.managers.catalog.startup-policy=lenient",
        })
@DirtiesContext
class OutageHttpTest {

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void useFolder(DynamicPropertyRegistry properties) {
        properties.add("photos.data", () -> folder);
        properties.add("photos.jdbc-url", () -> "jdbc:h2:file:" + folder.resolve("missing") + ";IFEXISTS=TRUE");
    }

    @Test
    void whatTheDatabaseSaysStaysInTheLog() throws Exception {
        Answer answer = new Service(port).get("/photos");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).doesNotContain(folder.toString());
    }
}
