package io.taskmanager.spring.readme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Stands in for the resource of the reader of README and usage page. */
class ImageProcessor {

    private boolean open = true;

    static ImageProcessor open() {
        return new ImageProcessor();
    }

    static ImageProcessor broken() {
        return new ImageProcessor() {
            @Override
            byte[] thumbnail(Path picture) throws IOException {
                throw new IOException("broken");
            }
        };
    }

    byte[] thumbnail(Path picture) throws IOException {
        return picture.toString().getBytes(StandardCharsets.UTF_8);
    }

    String publish(Path picture) {
        return "published " + picture;
    }

    boolean isOpen() {
        return open;
    }

    void close() {
        open = false;
    }
}
