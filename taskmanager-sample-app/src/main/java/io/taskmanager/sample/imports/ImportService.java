package io.taskmanager.sample.imports;

import io.taskmanager.sample.settings.PhotoProperties;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Service;

/**
 * Runs imports, one after another. At shutdown it stops submitting before the task managers stop accepting, so that no
 * photo is left half imported.
 */
@Service
public class ImportService implements SmartLifecycle {

    /** After the web server (MAX_VALUE - 2048) has stopped, before the task managers (MAX_VALUE - 4096) do. */
    private static final int PHASE = Integer.MAX_VALUE - 3072;

    private static final int MOST_WAITING = 16;
    private static final int MOST_REMEMBERED = 100;

    private final PhotoImporter importer;
    private final int window;
    private final Map<String, ImportJob> jobs = new LinkedHashMap<>(); // guarded by this
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> new Thread(task, "import"));
    private volatile boolean running; // written by the lifecycle's thread

    ImportService(PhotoImporter importer, PhotoProperties properties) {
        this.importer = importer;
        this.window = properties.importWindow();
    }

    /**
     * Starts an import, or lets it wait for those before it.
     *
     * @throws TooManyImportsException if too many wait already, or the service is shutting down
     */
    public ImportJob start(ImportFolder folder) {
        ImportJob job = new ImportJob(folder);
        try {
            executor.execute(new BulkImport(job, importer, window));
        } catch (RejectedExecutionException e) {
            throw new TooManyImportsException(
                    executor.isShutdown()
                            ? "the service is shutting down"
                            : MOST_WAITING + " imports are waiting already; try again when some have ended");
        }
        remember(job);
        return job;
    }

    private synchronized void remember(ImportJob job) {
        jobs.put(job.id(), job);
        if (jobs.size() > MOST_REMEMBERED) {
            jobs.remove(jobs.keySet().iterator().next());
        }
    }

    /** An import of this run of the service; the oldest are forgotten after a hundred. */
    public synchronized Optional<ImportJob> find(String id) {
        return Optional.ofNullable(jobs.get(id.toLowerCase(Locale.ROOT)));
    }

    /** The imports that {@link #find} finds, the latest first. */
    public synchronized List<ImportJob> all() {
        List<ImportJob> latestFirst = new ArrayList<>(jobs.values());
        Collections.reverse(latestFirst);
        return latestFirst;
    }

    /** Cancels an import: it submits no more, and ends when what was submitted is answered. One that has ended stays as it is. */
    public void cancel(ImportJob job) {
        job.cancel();
        if (executor.getQueue().removeIf(waiting -> ((BulkImport) waiting).job() == job)) {
            job.end(ImportStatus.State.CANCELLED);
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Submits no more, and does not wait for what was submitted. */
    @Override
    public void stop() {
        running = false;
        for (Runnable waiting : executor.shutdownNow()) {
            ((BulkImport) waiting).job().end(ImportStatus.State.STOPPED);
        }
    }

    /** Submits no more; Spring waits, as long as its timeout for a phase allows, until what was submitted is answered. */
    @Override
    public void stop(Runnable callback) {
        stop();
        Thread waiting = new Thread(() -> callWhenEnded(callback), "import-stop");
        waiting.setDaemon(true);
        waiting.start();
    }

    private void callWhenEnded(Runnable callback) {
        try {
            executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        callback.run();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Spring pauses contexts that tests keep for later; a stopped executor can't be started again. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
