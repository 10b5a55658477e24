package io.taskmanager.sample.imports;

import io.taskmanager.TaskManager;
import io.taskmanager.sample.catalog.CatalogSession;
import io.taskmanager.sample.catalog.Photo;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.photo.Darkroom;
import io.taskmanager.sample.photo.PhotoNames;
import io.taskmanager.sample.store.StoreException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    /**
     * Develops a file, catalogues it and notes it down; true if the photo is new. Fails with an
     * {@link ImportBrokenException} where the file is not to blame.
     */
    CompletableFuture<Boolean> importFile(Path file, String importId) {
        String name = PhotoNames.clean(String.valueOf(file.getFileName()));
        return images.<Photo>queueTaskAsync((context, processor) -> darkroom.develop(processor, file, name))
                .exceptionally(PhotoImporter::notDeveloped)
                .thenCompose(photo -> catalogue(photo, importId).exceptionally(PhotoImporter::notCatalogued));
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

    private static Photo notDeveloped(Throwable error) {
        if (Reasons.unwrapped(error) instanceof StoreException e) {
            throw new ImportBrokenException(String.valueOf(e.getMessage()), e);
        }
        throw new CompletionException(error);
    }

    /** A picture that was read fits into the catalogue: if it is not there, the catalogue or its journal is to blame. */
    private static Boolean notCatalogued(Throwable error) {
        String fault = Reasons.unwrapped(error).getClass().getSimpleName();
        throw new ImportBrokenException(
                "the catalogue and its journal can't take photos (" + fault + "); the service's log says more", error);
    }
}
