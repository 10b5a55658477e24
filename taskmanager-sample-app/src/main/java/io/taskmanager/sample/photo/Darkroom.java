package io.taskmanager.sample.photo;

import io.taskmanager.sample.catalog.Photo;
import io.taskmanager.sample.image.ContentHash;
import io.taskmanager.sample.image.Developed;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.image.UnreadableImageException;
import io.taskmanager.sample.store.PhotoStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The work that tasks do with an image processor. All of it may be done again: what it writes is the same each time. */
public final class Darkroom {

    private final PhotoStore store;
    private final List<Integer> thumbnailWidths;
    private final Clock clock;

    public Darkroom(PhotoStore store, List<Integer> thumbnailWidths, Clock clock) {
        this.store = store;
        this.thumbnailWidths = thumbnailWidths;
        this.clock = clock;
    }

    /** Reads a picture and writes its thumbnails; the photo is ready for the catalogue. */
    public Photo develop(ImageProcessor processor, Path file, String name) throws IOException {
        byte[] bytes = store.read(file, name);
        Developed developed = processor.develop(bytes, name, thumbnailWidths);
        store.save(developed.id(), developed.thumbnails());
        return new Photo(
                developed.id(),
                name,
                developed.format(),
                developed.size().width(),
                developed.size().height(),
                developed.orientation().tag(),
                bytes.length,
                Photo.uri(file),
                clock.instant());
    }

    /** Renders a photo that the catalogue has. */
    public byte[] render(ImageProcessor processor, Photo photo, int width) throws IOException {
        return processor.render(original(photo), photo.name(), width);
    }

    /** An imported file is not ours: since then it may have been deleted, or overwritten by another picture. */
    private byte[] original(Photo photo) {
        try {
            byte[] file = store.read(photo.file(), photo.name());
            if (ContentHash.of(file).equals(photo.id())) {
                return file;
            }
        } catch (IOException | UnreadableImageException e) {
            throw notFound(photo, e);
        }
        throw notFound(photo, null);
    }

    private static PhotoNotFoundException notFound(Photo photo, @Nullable Exception cause) {
        return new PhotoNotFoundException(
                "the file of photo " + photo.id() + " (\"" + photo.name()
                        + "\") is gone, or another now; import it again from where it is now",
                cause);
    }
}
