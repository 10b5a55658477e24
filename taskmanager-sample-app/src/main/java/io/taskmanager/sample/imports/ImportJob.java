package io.taskmanager.sample.imports;

import io.taskmanager.sample.imports.ImportStatus.Failure;
import io.taskmanager.sample.imports.ImportStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One import and its counts. Any thread may call it. */
public final class ImportJob {

    /** A folder full of bad files must not fill the memory with reasons. */
    private static final int FAILURES_KEPT = 100;

    private final String id = UUID.randomUUID().toString();
    private final ImportFolder folder;
    private final CountDownLatch ended = new CountDownLatch(1);

    // All guarded by this.
    private final List<Failure> failures = new ArrayList<>();
    private State state = State.WAITING;
    private long total;
    private long done;
    private long added;
    private long failed;
    private long startedNanos;
    private long endedNanos;

    ImportJob(ImportFolder folder) {
        this.folder = folder;
    }

    /** Names the job in links and in the journal. */
    public String id() {
        return id;
    }

    ImportFolder folder() {
        return folder;
    }

    synchronized void begin() {
        state = State.RUNNING;
        startedNanos = System.nanoTime();
    }

    synchronized void found(long files) {
        total = files;
    }

    synchronized void succeeded(boolean isNew) {
        done++;
        added += isNew ? 1 : 0;
    }

    synchronized void failed(String file, String reason) {
        failed++;
        if (failures.size() < FAILURES_KEPT) {
            failures.add(new Failure(file, reason));
        }
    }

    synchronized void end(State how) {
        state = how;
        endedNanos = System.nanoTime();
        ended.countDown();
    }

    /** Waits for the end, at most so long; says whether it has come. */
    public boolean await(Duration timeout) throws InterruptedException {
        return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Where the job stands now. */
    public synchronized ImportStatus status() {
        return new ImportStatus(
                id,
                folder.name(),
                state,
                total,
                done,
                added,
                failed,
                Math.max(0, total - done - failed),
                photosPerSecond(),
                List.copyOf(failures));
    }

    private double photosPerSecond() {
        if (state == State.WAITING) {
            return 0;
        }
        long until = state == State.RUNNING ? System.nanoTime() : endedNanos;
        return until == startedNanos ? 0 : (done + failed) * 1e9 / (until - startedNanos);
    }
}
