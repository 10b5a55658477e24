package io.taskmanager.sample.demo;

import io.taskmanager.sample.imports.ImportFolder;
import io.taskmanager.sample.imports.ImportJob;
import io.taskmanager.sample.imports.ImportService;
import io.taskmanager.sample.imports.ImportStatus;
import io.taskmanager.sample.imports.TooManyImportsException;
import io.taskmanager.sample.settings.PhotoProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Imports photos that nobody has taken: new ones each time, in a folder of their own, where the catalogue finds them later. */
@Component
@InDemo
final class GeneratedImport implements DemoAction, DisposableBean {

    static final int PHOTOS = 200;
    private static final Logger log = LoggerFactory.getLogger(GeneratedImport.class);

    private final ImportService imports;
    private final Path folder;
    private volatile boolean closed; // written by the thread that ends the application

    // All guarded by this.
    private @Nullable Thread thread;
    private boolean generating;
    private @Nullable ImportJob job;
    private String fault = "";

    GeneratedImport(ImportService imports, PhotoProperties photos) {
        this.imports = imports;
        this.folder = photos.data().resolve("generated");
    }

    @Override
    public String name() {
        return "import";
    }

    @Override
    public synchronized boolean begin() {
        if (isOn()) {
            return false;
        }
        generating = true;
        fault = "";
        job = null;
        thread = new Thread(this::generateAndImport, "generated-import");
        thread.setDaemon(true);
        thread.start();
        return true;
    }

    private void generateAndImport() {
        try {
            began(imports.start(ImportFolder.chosen(generate())));
        } catch (TooManyImportsException e) {
            failed(String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            log.error("the photos could not be generated", e);
            failed("it failed; the log says why");
        } finally {
            generated();
        }
    }

    private Path generate() throws IOException {
        Path own = Files.createDirectories(folder.resolve(UUID.randomUUID().toString()));
        GeneratedPhotos photos = new GeneratedPhotos();
        for (int number = 1; number <= PHOTOS && !closed; number++) {
            Files.write(own.resolve("hills-%03d.jpg".formatted(number)), photos.next());
        }
        return own;
    }

    private synchronized void began(ImportJob begun) {
        job = begun;
    }

    /** Whatever happened: what is not over could not be begun again. */
    private synchronized void generated() {
        generating = false;
    }

    private synchronized void failed(String why) {
        fault = why;
    }

    private synchronized boolean isOn() {
        return generating || (job != null && !hasEnded(job));
    }

    private static boolean hasEnded(ImportJob job) {
        ImportStatus.State state = job.status().state();
        return state != ImportStatus.State.WAITING && state != ImportStatus.State.RUNNING;
    }

    @Override
    public synchronized State state() {
        if (generating) {
            return new State(true, 0, "makes the photos");
        }
        return job == null ? new State(false, 0, fault) : new State(!hasEnded(job), 0, progress(job.status()));
    }

    private static String progress(ImportStatus status) {
        String counts = status.done() + " of " + PHOTOS + " imported, " + status.failed() + " failed";
        return status.fault() == null ? counts : counts + "; " + status.fault();
    }

    /** Nothing is written any more when the application has ended. */
    @Override
    public void destroy() throws InterruptedException {
        closed = true;
        Thread generator = generator();
        if (generator != null) {
            generator.join();
        }
    }

    private synchronized @Nullable Thread generator() {
        return thread;
    }
}
