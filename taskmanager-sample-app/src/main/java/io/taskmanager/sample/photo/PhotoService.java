package io.taskmanager.sample.photo;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskOptions;
import io.taskmanager.sample.catalog.CatalogSession;
import io.taskmanager.sample.catalog.Photo;
import io.taskmanager.sample.catalog.PhotoPage;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.settings.PhotoProperties;
import io.taskmanager.sample.store.PhotoStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;

/**
 * What a person at a screen asks for. Each call waits for its answer, so it uses the priority lane: an import of a
 * hundred thousand photos may be queued in the main lane. It waits for its turn only so long, so that a manager that is
 * paused, or has no resources, holds no thread of the web server.
 */
@Service
public class PhotoService {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final TaskManager<ImageProcessor, Object> images;
    private final TaskManager<CatalogSession, Object> catalog;
    private final Darkroom darkroom;
    private final PhotoStore store;
    private final TaskOptions options;
    private final List<Lock> turns =
            Stream.<Lock>generate(ReentrantLock::new).limit(256).toList(); // one for each first byte of an id

    public PhotoService(
            TaskManager<ImageProcessor, Object> images,
            TaskManager<CatalogSession, Object> catalog,
            Darkroom darkroom,
            PhotoStore store,
            PhotoProperties properties) {
        this.images = images;
        this.catalog = catalog;
        this.darkroom = darkroom;
        this.store = store;
        this.options = TaskOptions.builder()
                .priority()
                .queueTimeout(properties.queueTimeout())
                .build();
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
        Photo photo = images.call((context, processor) -> darkroom.develop(processor, received, name), options);
        Lock turn = turn(photo.id());
        turn.lockInterruptibly();
        try {
            Photo kept = photo.movedTo(store.keep(received, photo.id()));
            boolean isNew = catalog.call((context, session) -> session.add(kept), options);
            return new Added(find(photo.id()), isNew);
        } finally {
            turn.unlock();
        }
    }

    /**
     * The photo of an id.
     *
     * @throws PhotoNotFoundException if there is none
     */
    public Photo find(String asked) throws InterruptedException {
        String id = asked.toLowerCase(Locale.ROOT);
        if (!ID.matcher(id).matches()) {
            throw new PhotoNotFoundException("no photo has the id \"" + asked + "\"; ids have 64 hexadecimal digits");
        }
        return catalog.call(
                (context, session) ->
                        session.find(id).orElseThrow(() -> new PhotoNotFoundException("no photo has the id " + id)),
                options);
    }

    /**
     * Deletes a photo with its thumbnails, and the file that was uploaded; one that was imported stays where it is.
     *
     * @throws PhotoNotFoundException if there is none
     */
    public void delete(String id) throws InterruptedException {
        Photo photo = find(id);
        Lock turn = turn(photo.id());
        turn.lockInterruptibly();
        try {
            catalog.call(
                    (context, session) -> {
                        session.delete(photo.id());
                        return true;
                    },
                    options);
            store.delete(photo.id());
        } finally {
            turn.unlock();
        }
    }

    /** Whoever adds or deletes the same photo waits: a deletion must not take the file of a photo just acknowledged. */
    private Lock turn(String id) {
        return turns.get(Integer.parseInt(id.substring(0, 2), 16));
    }

    /** Some photos, the latest first. */
    public PhotoPage page(int page, int size) throws InterruptedException {
        return catalog.call((context, session) -> session.page((long) page * size, size), options);
    }

    /** A thumbnail: the stored one of that width, else one made for the occasion. */
    public byte[] thumbnail(String id, int width) throws IOException, InterruptedException {
        Photo photo = find(id);
        var stored = store.thumbnail(photo.id(), width);
        return stored.isPresent()
                ? Files.readAllBytes(stored.get())
                : images.call((context, processor) -> darkroom.render(processor, photo, width), options);
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
