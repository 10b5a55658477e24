package io.taskmanager.sample.imports;

import io.taskmanager.sample.imports.ImportStatus.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Runs one import: submits its files as fast as the managers take them and ends when the last is answered. Only so many
 * are under way at a time, so a folder of any size needs no more room than that. An interrupt, a cancellation and a fault
 * of the service stop the submitting; what was submitted is still waited for.
 */
final class BulkImport implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(BulkImport.class);

    private final ImportJob job;
    private final PhotoImporter importer;
    private final int windowSize;
    private final Semaphore window;
    private State end = State.DONE; // the import's own thread's

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
        submitAll();
        window.acquireUninterruptibly(windowSize);
        job.end(end);
        report(job.status());
    }

    private static void report(ImportStatus status) {
        Level level = status.state() == State.DONE ? Level.INFO : Level.WARN;
        log.atLevel(level).log("import {}: {}", status.id(), status.summary());
    }

    private void submitAll() {
        try {
            job.found(count());
            job.folder().entries(this::take);
        } catch (IOException | RuntimeException e) {
            broke("the folder can't be read to its end: " + Reasons.of(e), e);
        }
    }

    private long count() throws IOException {
        AtomicLong entries = new AtomicLong();
        job.folder().entries(entry -> {
            entries.incrementAndGet();
            return goesOn();
        });
        return entries.get();
    }

    private boolean take(Entry entry) {
        String name = job.folder().relative(entry.path());
        switch (entry.kind()) {
            case PICTURE -> submitInWindow(entry.path());
            case SKIPPED -> job.skipped(name, entry.reason());
            case UNREADABLE -> job.failed(name, entry.reason());
        }
        return goesOn();
    }

    private void submitInWindow(Path picture) {
        try {
            window.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (goesOn()) {
            submit(picture);
        } else {
            window.release();
        }
    }

    /** Whether there is more to submit; if not, how the import ends. */
    private boolean goesOn() {
        if (Thread.currentThread().isInterrupted()) {
            end = State.STOPPED;
        } else if (job.isCancelled()) {
            end = State.CANCELLED;
        } else {
            return !job.isBroken();
        }
        return false;
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
        if (error == null) {
            job.succeeded(Boolean.TRUE.equals(isNew));
        } else if (Reasons.unwrapped(error) instanceof ImportBrokenException e) {
            broke(String.valueOf(e.getMessage()), e);
        } else {
            job.failed(job.folder().relative(picture), Reasons.of(error));
        }
        window.release();
    }

    /** The first fault is the one to know; the photos that were under way with it tell of the same. */
    private void broke(String fault, Exception e) {
        if (job.broke(fault)) {
            log.error("import {}: {}", job.id(), fault, e);
        }
    }
}
