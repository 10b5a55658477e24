package io.taskmanager.sample.imports;

import io.taskmanager.TaskManager;
import io.taskmanager.sample.catalog.CatalogSession;
import io.taskmanager.sample.catalog.Photo;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.photo.Darkroom;
import io.taskmanager.sample.photo.PhotoNames;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/** Takes one file through both managers, in the main lane and without a thread that waits. */
@Component
final class PhotoImporter {

    private final TaskManager<ImageProcessor, Object> images;
    private final TaskManager<CatalogSession, Object> catalog;
    private final Darkroom darkroom;
    private final ImportJournal journal;

    PhotoImporter(
            TaskManager<ImageProcessor, Object> images,
            TaskManager<CatalogSession, Object> catalog,
            Darkroom darkroom,
            ImportJournal journal) {
        this.images = images;
        this.catalog = catalog;
        this.darkroom = darkroom;
        this.journal = journal;
    }

    /** Develops a file, catalogues it and notes it down; true if the photo is new. */
    CompletableFuture<Boolean> importFile(Path file, String importId) {
        String name = PhotoNames.clean(file.getFileName().toString());
        return images.<Photo>queueTaskAsync((context, processor) -> darkroom.develop(processor, file, name))
                .thenCompose(photo -> catalogue(photo, importId));
    }

    private CompletableFuture<Boolean> catalogue(Photo photo, String importId) {
        return catalog.<Boolean>queueTaskAsync((context, session) -> session.add(photo))
                .thenCompose(isNew -> noteDown(photo, importId).thenApply(noted -> isNew));
    }

    /** Adding to the catalogue may be done again after a broken session; a line in the journal may not. */
    private CompletableFuture<Boolean> noteDown(Photo photo, String importId) {
        return catalog.queueTaskOnceAsync((context, session) -> {
            journal.append(importId, photo);
            return true;
        });
    }
}
