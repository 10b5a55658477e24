package io.taskmanager.sample.photo;

import io.taskmanager.TaskManager;
import io.taskmanager.sample.catalog.CatalogSession;
import io.taskmanager.sample.catalog.Photo;
import io.taskmanager.sample.catalog.PhotoPage;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.store.PhotoStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.springframework.stereotype.Service;

/**
 * What a person at a screen asks for. Each call waits for its answer, so it uses the priority lane: an import of a
 * hundred thousand photos may be queued in the main lane.
 */
@Service
public class PhotoService {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final TaskManager<ImageProcessor, Object> images;
    private final TaskManager<CatalogSession, Object> catalog;
    private final Darkroom darkroom;
    private final PhotoStore store;

    public PhotoService(
            TaskManager<ImageProcessor, Object> images,
            TaskManager<CatalogSession, Object> catalog,
            Darkroom darkroom,
            PhotoStore store) {
        this.images = images;
        this.catalog = catalog;
        this.darkroom = darkroom;
        this.store = store;
    }

    /** Adds an uploaded picture. */
    public Added add(InputStream upload, String name) throws IOException, InterruptedException {
        Path received = store.receive(upload, name);
        try {
            return add(received, name);
        } finally {
            Files.deleteIfExists(received);
        }
    }

    private Added add(Path received, String name) throws IOException, InterruptedException {
        Photo photo = images.queueTaskWithPriority((context, processor) -> darkroom.develop(processor, received, name));
        Path original = store.keep(received, photo.id());
        Photo kept = photo.movedTo(original);
        boolean isNew = catalog.queueTaskWithPriority((context, session) -> session.add(kept));
        return new Added(find(photo.id()), isNew);
    }

    /**
     * The photo of an id.
     *
     * @throws PhotoNotFoundException if there is none
     */
    public Photo find(String id) throws InterruptedException {
        if (!ID.matcher(id).matches()) {
            throw new PhotoNotFoundException("no photo has the id \"" + id + "\"; ids have 64 hexadecimal digits");
        }
        return catalog.queueTaskWithPriority((context, session) ->
                session.find(id).orElseThrow(() -> new PhotoNotFoundException("no photo has the id " + id)));
    }

    /** Some photos, the latest first. */
    public PhotoPage page(int page, int size) throws InterruptedException {
        return catalog.queueTaskWithPriority((context, session) -> session.page((long) page * size, size));
    }

    /** A thumbnail: the stored one of that width, else one made for the occasion. */
    public byte[] thumbnail(String id, int width) throws IOException, InterruptedException {
        Photo photo = find(id);
        var stored = store.thumbnail(id, width);
        return stored.isPresent()
                ? Files.readAllBytes(stored.get())
                : images.queueTaskWithPriority((context, processor) -> darkroom.render(processor, photo, width));
    }

    /** A larger picture, made here and now, past the queue: with a processor of the pool that runTask has. */
    public byte[] preview(String id, int width) throws InterruptedException {
        Photo photo = find(id);
        return images.runTask((context, processor) -> darkroom.render(processor, photo, width));
    }

    /**
     * What became of an upload.
     *
     * @param photo the photo
     * @param isNew whether the catalogue did not have it before
     */
    public record Added(Photo photo, boolean isNew) {}
}
