package io.taskmanager.sample;

import io.taskmanager.sample.imports.ImportJournal;
import io.taskmanager.sample.photo.Darkroom;
import io.taskmanager.sample.settings.PhotoProperties;
import io.taskmanager.sample.store.BeforeWrite;
import io.taskmanager.sample.store.PhotoStore;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What lies in the data folder. */
@Configuration(proxyBeanMethods = false)
class PhotoFiles {

    @Bean
    PhotoStore photoStore(PhotoProperties photos, ObjectProvider<BeforeWrite> beforeWrite) {
        return new PhotoStore(photos.data(), photos.maxFileSize(), beforeWrite.getIfAvailable(() -> () -> {}));
    }

    @Bean
    Darkroom darkroom(PhotoStore store, PhotoProperties photos) {
        return new Darkroom(store, photos.thumbnailWidths(), Clock.systemUTC());
    }

    /** Lies in the store's folder, which the store has made. */
    @Bean
    ImportJournal importJournal(PhotoStore store, PhotoProperties photos) {
        return new ImportJournal(photos.data().resolve("import-journal.log"), Clock.systemUTC());
    }
}
