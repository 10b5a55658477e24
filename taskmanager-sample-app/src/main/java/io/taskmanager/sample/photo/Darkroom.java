package io.taskmanager.sample.photo;

import io.taskmanager.sample.catalog.Photo;
import io.taskmanager.sample.image.Developed;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.store.PhotoStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

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
        long bytes = Files.size(file);
        store.checkSize(bytes, name);
        Developed developed = processor.develop(file, name, thumbnailWidths);
        store.save(developed.id(), developed.thumbnails());
        return new Photo(
                developed.id(),
                name,
                developed.format(),
                developed.size().width(),
                developed.size().height(),
                developed.orientation().tag(),
                bytes,
                Photo.uri(file),
                clock.instant());
    }

    /** Renders a photo that the catalogue has. */
    public byte[] render(ImageProcessor processor, Photo photo, int width) throws IOException {
        try {
            return processor.render(photo.file(), photo.name(), width);
        } catch (FileNotFoundException e) {
            throw new PhotoNotFoundException("the file of photo " + photo.id() + " (\"" + photo.name()
                    + "\") is gone; import it again from where it is now");
        }
    }
}
