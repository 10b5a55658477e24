package io.taskmanager.sample.imports;

import io.taskmanager.TaskManager;
import io.taskmanager.sample.catalog.CatalogSession;
import io.taskmanager.sample.settings.PhotoProperties;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/** Imports the pictures that come with the service into an empty catalogue, so that there is something to look at. */
@Component
@ConditionalOnWebApplication
@ConditionalOnProperty(name = "photos.import-samples", matchIfMissing = true)
final class BundledPhotos {

    private final TaskManager<CatalogSession, Object> catalog;
    private final ImportService imports;
    private final Path folder;

    BundledPhotos(TaskManager<CatalogSession, Object> catalog, ImportService imports, PhotoProperties properties) {
        this.catalog = catalog;
        this.imports = imports;
        this.folder = properties.data().resolve("samples");
    }

    @EventListener(ApplicationReadyEvent.class)
    void importThem() throws IOException, InterruptedException {
        long photos = catalog.queueTask((context, session) -> session.count());
        if (photos == 0) {
            imports.start(ImportFolder.chosen(unpacked()));
        }
    }

    private Path unpacked() throws IOException {
        Files.createDirectories(folder);
        for (Resource sample : new PathMatchingResourcePatternResolver().getResources("classpath:samples/*.*")) {
            try (InputStream input = sample.getInputStream()) {
                Files.copy(
                        input,
                        folder.resolve(String.valueOf(sample.getFilename())),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return folder;
    }
}
