package io.taskmanager.sample.imports;

import io.taskmanager.sample.imports.ImportStatus.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Runs one import: submits its files as fast as the managers take them and ends when the last is answered. Only so many
 * are under way at a time, so a folder of any size needs no more room than that. An interrupt stops the submitting; what
 * was submitted is still waited for.
 */
final class BulkImport implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(BulkImport.class);

    private final ImportJob job;
    private final PhotoImporter importer;
    private final int windowSize;
    private final Semaphore window;

    BulkImport(ImportJob job, PhotoImporter importer, int windowSize) {
        this.job = job;
        this.importer = importer;
        this.windowSize = windowSize;
        this.window = new Semaphore(windowSize);
    }

    ImportJob job() {
        return job;
    }

    @Override
    public void run() {
        job.begin();
        State end = submitAll();
        window.acquireUninterruptibly(windowSize);
        job.end(end);
        report(job.status());
    }

    private static void report(ImportStatus status) {
        Level level = status.state() == State.DONE ? Level.INFO : Level.WARN;
        log.atLevel(level).log("import {}: {}", status.id(), status.summary());
    }

    private State submitAll() {
        try {
            job.found(count());
            submitEach();
            return State.DONE;
        } catch (InterruptedException e) {
            return State.STOPPED;
        } catch (IOException | RuntimeException e) {
            log.error(
                    "import {}: {} can't be read to its end",
                    job.id(),
                    job.folder().path(),
                    e);
            return State.BROKEN;
        }
    }

    private long count() throws IOException {
        try (Stream<Path> pictures = job.folder().pictures()) {
            return pictures.count();
        }
    }

    private void submitEach() throws IOException, InterruptedException {
        try (Stream<Path> pictures = job.folder().pictures()) {
            for (Iterator<Path> each = pictures.iterator(); each.hasNext(); ) {
                window.acquire();
                submit(each.next());
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // answered() is told of the result and of the error
    private void submit(Path picture) {
        try {
            importer.importFile(job.folder().resolve(picture), job.id())
                    .whenComplete((isNew, error) -> answered(picture, isNew, error));
        } catch (IOException | RuntimeException e) {
            answered(picture, null, e);
        }
    }

    private void answered(Path picture, @Nullable Boolean isNew, @Nullable Throwable error) {
        if (error != null) {
            job.failed(job.folder().relative(picture), Reasons.of(error));
        } else {
            job.succeeded(Boolean.TRUE.equals(isNew));
        }
        window.release();
    }
}
