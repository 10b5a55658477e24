package io.taskmanager.durable.walk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Gates between processes: an empty file is an open one. */
final class Gates {

    private final Path folder;

    Gates(Path folder) {
        this.folder = folder;
    }

    /** For a delivery of those that wait there. */
    void open(String gate, int delivery) {
        try {
            Files.createFile(file(gate, delivery));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void await(String gate, int delivery) throws InterruptedException {
        while (!Files.exists(file(gate, delivery))) {
            Thread.sleep(10);
        }
    }

    private Path file(String gate, int delivery) {
        return folder.resolve(gate + "-" + delivery);
    }
}
