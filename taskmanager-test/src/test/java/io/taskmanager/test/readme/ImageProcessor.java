package io.taskmanager.test.readme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Stands in for the resource of the README's reader. */
class ImageProcessor {

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
}
