package io.taskmanager.sample.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.sample.web.Service.Answer;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The service without its database, whose name is a path of this machine. */
@TestPropertySource(
        properties = {
            "photos.queue-timeout=60s", // so that the request is refused with what the database says
            "taskmanager.managers.catalog.acquire-timeout=100ms",
            "taskmanager.managers.catalog.startup-policy=lenient",
        })
class OutageHttpTest extends ServiceHttpTest {

    @DynamicPropertySource
    static void useNoDatabase(DynamicPropertyRegistry properties) {
        properties.add("photos.jdbc-url", () -> "jdbc:h2:file:" + folder.resolve("missing") + ";IFEXISTS=TRUE");
    }

    @Test
    void whatTheDatabaseSaysStaysInTheLog() throws Exception {
        Answer answer = service.get("/photos");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).doesNotContain(folder.toString());
    }
}
