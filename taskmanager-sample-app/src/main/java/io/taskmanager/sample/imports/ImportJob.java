package io.taskmanager.sample.imports;

import io.taskmanager.sample.imports.ImportStatus.Left;
import io.taskmanager.sample.imports.ImportStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One import and its counts. Any thread may call it. */
public final class ImportJob {

    /** A folder full of other files must not fill the memory with reasons. */
    private static final int REASONS_KEPT = 100;

    private final String id = UUID.randomUUID().toString();
    private final ImportFolder folder;
    private final CountDownLatch ended = new CountDownLatch(1);

    // All guarded by this.
    private final List<Left> failures = new ArrayList<>();
    private final List<Left> skips = new ArrayList<>();
    private State state = State.WAITING;
    private boolean cancelled;
    private @Nullable String fault;
    private long total;
    private long done;
    private long added;
    private long failed;
    private long skipped;
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
        keep(failures, file, reason);
    }

    synchronized void skipped(String file, String reason) {
        skipped++;
        keep(skips, file, reason);
    }

    private static void keep(List<Left> reasons, String file, String reason) {
        if (reasons.size() < REASONS_KEPT) {
            reasons.add(new Left(file, reason));
        }
    }

    /** Says that no photo can be imported any more, and why; returns whether that is news. */
    synchronized boolean broke(String why) {
        boolean first = fault == null;
        fault = first ? why : fault;
        return first;
    }

    synchronized void cancel() {
        cancelled = true;
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    synchronized boolean isBroken() {
        return fault != null;
    }

    synchronized void end(State how) {
        state = fault == null ? how : State.BROKEN;
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
                skipped,
                Math.max(0, total - done - failed - skipped),
                photosPerSecond(),
                List.copyOf(failures),
                List.copyOf(skips),
                fault);
    }

    private double photosPerSecond() {
        if (startedNanos == 0) {
            return 0; // waits, or was cancelled while it did
        }
        long until = state == State.RUNNING ? System.nanoTime() : endedNanos;
        return until == startedNanos ? 0 : (done + failed) * 1e9 / (until - startedNanos);
    }
}
