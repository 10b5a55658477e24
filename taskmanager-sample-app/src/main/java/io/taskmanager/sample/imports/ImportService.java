package io.taskmanager.sample.imports;

import io.taskmanager.sample.settings.PhotoProperties;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Service;

/**
 * Runs imports, one after another. At shutdown it stops submitting before the task managers stop accepting, so that no
 * photo is left half imported.
 */
@Service
public class ImportService implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ImportService.class);

    /** After the web server (MAX_VALUE - 2048) has stopped, before the task managers (MAX_VALUE - 4096) do. */
    private static final int PHASE = Integer.MAX_VALUE - 3072;

    private static final int MOST_WAITING = 16;
    private static final int MOST_REMEMBERED = 100;
    private static final int DRAIN_SECONDS = 20;

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
        return Optional.ofNullable(jobs.get(id));
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        for (Runnable waiting : executor.shutdownNow()) {
            ((BulkImport) waiting).job().end(ImportStatus.State.STOPPED);
        }
        try {
            if (!executor.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                log.warn("an import still has photos under way after {} s; stopping without it", DRAIN_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
