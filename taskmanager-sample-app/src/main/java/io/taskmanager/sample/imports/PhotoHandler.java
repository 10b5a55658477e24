package io.taskmanager.sample.imports;

import io.taskmanager.TaskManager;
import io.taskmanager.durable.DurableTaskContext;
import io.taskmanager.durable.TaskHandler;
import io.taskmanager.durable.TaskType;
import io.taskmanager.sample.catalog.CatalogSession;
import io.taskmanager.sample.catalog.Photo;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.imports.DurableImports.PhotoToImport;
import io.taskmanager.sample.photo.Darkroom;
import io.taskmanager.sample.photo.PhotoNames;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * Develops a picture and catalogues it. Fit to be run again after a kill at any place: thumbnails are written over, and a photo
 * that the catalogue has stays as it is. No line goes to the journal, which has no place for a second one.
 */
@Component
@ConditionalOnBooleanProperty("taskmanager.durable.enabled")
final class PhotoHandler implements TaskHandler<PhotoToImport, ImageProcessor, Boolean> {

    private final TaskManager<CatalogSession, Object> catalog;
    private final Darkroom darkroom;

    PhotoHandler(TaskManager<CatalogSession, Object> catalog, Darkroom darkroom) {
        this.catalog = catalog;
        this.darkroom = darkroom;
    }

    @Override
    public TaskType<PhotoToImport, Boolean> type() {
        return DurableImports.PHOTO;
    }

    @Override
    public String manager() {
        return "images";
    }

    /** Returns whether the photo is new. */
    @Override
    public Boolean handle(DurableTaskContext context, PhotoToImport payload, ImageProcessor processor)
            throws IOException, InterruptedException {
        Path root = Path.of(payload.root());
        Path file = new ImportFolder(root, root).resolve(Path.of(payload.file()));
        Photo photo = darkroom.develop(
                processor,
                file,
                PhotoNames.clean(String.valueOf(Path.of(payload.file()).getFileName())));
        return catalog.queueTask((task, session) -> session.add(photo));
    }
}
