package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Stops the managers when the application stops: after the web server has drained, before the beans that tasks use are
 * destroyed. All are stopped at the same time, each with a thread of its own, and drained for the shorter of their
 * {@code stop-timeout} and what Spring allows for the phase; then they are killed. A manager that was never created, or
 * was stopped by the application, is left alone. So are those of a parent context, which that stops.
 *
 * <p>When the context is started again, as after a checkpoint too, the managers of the configuration that this has stopped are
 * created anew behind their beans. The application's own can't be, so it is an error to start the context again where there
 * are some.
 */
final class TaskManagerLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TaskManagerLifecycle.class);

    private static final Duration LONGEST_RESERVE = Duration.ofSeconds(2);

    private final ManagerDirectory managers;
    private final CreatedManagers created;
    private final TaskManagerCreator creator;
    private final int phase;
    private final Duration budget;

    /** Set by the threads that start and stop the context, read by any. */
    private volatile boolean running;

    /** By name, those that this has stopped, until they are created anew. Each is put here by the thread that stopped it. */
    private final Map<String, TaskManager<?, ?>> stopped = new ConcurrentHashMap<>();

    /** @param phaseTimeout how long Spring waits for the phase */
    TaskManagerLifecycle(
            ManagerDirectory managers,
            CreatedManagers created,
            TaskManagerCreator creator,
            int phase,
            Duration phaseTimeout) {
        this.managers = managers;
        this.created = created;
        this.creator = creator;
        this.phase = phase;
        this.budget = phaseTimeout.minus(min(phaseTimeout.dividedBy(10), LONGEST_RESERVE));
    }

    /**
     * @throws IllegalStateException if managers of the application's own were stopped: better no start than one whose tasks
     *     are all refused
     */
    @Override
    public void start() {
        List<String> own = stopped.entrySet().stream()
                .filter(entry -> !(entry.getValue() instanceof RestartableTaskManager))
                .map(Map.Entry::getKey)
                .toList();
        if (!own.isEmpty()) {
            throw new IllegalStateException(
                    "The task managers " + own + " were stopped with the application context and"
                            + " can't start again, as the application has created them itself; put them under"
                            + " taskmanager.managers, or pause the context in place of stopping it");
        }
        restart(List.copyOf(stopped.values()));
        stopped.clear();
        running = true;
    }

    /** All of them at the same time. Where one fails, none is left running. */
    private static void restart(List<TaskManager<?, ?>> all) {
        boolean restarted = false;
        try {
            all.forEach(manager -> ((RestartableTaskManager<?>) manager).restart());
            RestartableTaskManager.awaitStart(all);
            restarted = true;
        } finally {
            if (!restarted) {
                all.forEach(TaskManager::close);
            }
        }
    }

    @Override
    public void stop() {
        stopAll().join();
    }

    @Override
    public void stop(Runnable callback) {
        CompletableFuture<Void> unused = stopAll().whenComplete((done, error) -> callback.run());
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase;
    }

    /** A context that is paused between tests keeps its managers: creating their resources anew would cost more. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    private CompletableFuture<Void> stopAll() {
        CompletableFuture<?>[] stops = managers.names().stream()
                .flatMap(name ->
                        created
                                .find(managers.beanName(name))
                                .map(manager -> stopInThreadOfItsOwn(name, manager))
                                .stream())
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(stops).whenComplete((done, error) -> running = false);
    }

    private CompletableFuture<Void> stopInThreadOfItsOwn(String name, TaskManager<?, ?> manager) {
        return CompletableFuture.runAsync(
                () -> stop(name, manager), task -> new Thread(task, "taskmanager-stop-" + name).start());
    }

    private void stop(String name, TaskManager<?, ?> manager) {
        if (manager.state() != TaskManagerState.RUNNING) {
            return;
        }
        try {
            ShutdownReport report = manager.stop(timeout(name));
            stopped.put(name, manager);
            // The manager's own log has the report.
            log.debug("Task manager '{}' stopped: {}", name, report);
        } catch (IllegalStateException e) {
            log.debug("Task manager '{}' was stopped by someone else", name, e);
        } catch (RuntimeException | Error e) {
            log.error("Task manager '{}' failed to stop", name, e);
        }
    }

    private Duration timeout(String name) {
        return creator.config(name)
                .map(TaskManagerConfig::stopTimeout)
                .map(own -> min(own, budget))
                .orElse(budget);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
