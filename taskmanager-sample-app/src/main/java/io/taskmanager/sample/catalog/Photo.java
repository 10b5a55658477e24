package io.taskmanager.sample.catalog;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A row of the catalogue.
 *
 * @param id the SHA-256 of the file
 * @param name the name it came with; only ever shown, never used as a path
 * @param format jpeg, png, gif or bmp
 * @param width upright width in pixels
 * @param height upright height in pixels
 * @param orientation the EXIF orientation of the file, 1 to 8
 * @param bytes length of the file
 * @param source where the file lies
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
        String place = file.toAbsolutePath().toString();
        return new Photo(id, name, format, width, height, orientation, bytes, place, added);
    }
}
