package com.example.usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Stands in for the reader's resource. */
public class ImageProcessor {

    public static ImageProcessor open() {
        return new ImageProcessor();
    }

    public byte[] thumbnail(Path picture) throws IOException {
        return picture.toString().getBytes(StandardCharsets.UTF_8);
    }

    public void close() {}
}
