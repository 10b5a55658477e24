package io.taskmanager.sample.web;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A test of the service over real HTTP. Each class has a service and a folder of its own, without the bundled pictures. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "photos.import-samples=false")
@DirtiesContext
public abstract class ServiceHttpTest {

    @TempDir
    protected static Path folder;

    @LocalServerPort
    protected int port;

    protected Service service;

    @DynamicPropertySource
    static void useFolder(DynamicPropertyRegistry properties) {
        properties.add("photos.data", () -> data().toString()); // it may be a part of a URL
    }

    /** Where the service keeps its photos. */
    static Path data() {
        return folder.resolve("data");
    }

    @BeforeEach
    void connect() {
        service = new Service(port);
    }
}
