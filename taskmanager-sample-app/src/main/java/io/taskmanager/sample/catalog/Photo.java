package io.taskmanager.sample.catalog;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A row of the catalogue.
 *
 * @param id the SHA-256 of the file
 * @param name the name it came with; only ever shown, never used as a path
 * @param format jpeg, png, gif, bmp or webp
 * @param width upright width in pixels
 * @param height upright height in pixels
 * @param orientation the EXIF orientation of the file, 1 to 8
 * @param bytes length of the file
 * @param source URI of the file: unlike a path's text, it holds names in any encoding
 * @param added when it was added
 */
public record Photo(
        String id,
        String name,
        String format,
        int width,
        int height,
        int orientation,
        long bytes,
        String source,
        Instant added) {

    /** The photo, with its file in another place. */
    public Photo movedTo(Path file) {
        return new Photo(id, name, format, width, height, orientation, bytes, uri(file), added);
    }

    /** Where the file lies. */
    public Path file() {
        return Path.of(URI.create(source));
    }

    /** How {@link #source()} names a file. */
    public static String uri(Path file) {
        return file.toUri().toString();
    }
}
