package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Stops the managers when the application stops: after the web server has drained, before the beans that tasks use are
 * destroyed. All are stopped at the same time, each with a thread of its own, and drained for the shorter of their
 * {@code stop-timeout} and what Spring allows for the phase; then they are killed. A manager that was never created, or
 * was stopped by the application, is left alone. So are those of a parent context, which that stops.
 */
final class TaskManagerLifecycle implements SmartLifecycle {

    /** The web server stops in the phases above, Spring's own executors in one far below. */
    static final int PHASE = Integer.MAX_VALUE - 4096;

    private static final Logger log = LoggerFactory.getLogger(TaskManagerLifecycle.class);

    private static final Duration LONGEST_RESERVE = Duration.ofSeconds(2);

    private final ManagerDirectory managers;
    private final CreatedManagers created;
    private final TaskManagerCreator creator;
    private final Duration budget;

    // Set by the threads that start and stop the context, read by any.
    private volatile boolean running;
    private volatile boolean stopped;

    /** @param phaseTimeout how long Spring waits for the phase */
    TaskManagerLifecycle(
            ManagerDirectory managers, CreatedManagers created, TaskManagerCreator creator, Duration phaseTimeout) {
        this.managers = managers;
        this.created = created;
        this.creator = creator;
        this.budget = phaseTimeout.minus(min(phaseTimeout.dividedBy(10), LONGEST_RESERVE));
    }

    /**
     * @throws IllegalStateException if the context was stopped before: better no start than one whose tasks are all refused
     */
    @Override
    public void start() {
        if (stopped) {
            throw new IllegalStateException(
                    "The task managers were stopped with the application context and can't start"
                            + " again; close the context and create another, or pause it in place of stopping it");
        }
        running = true;
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
        return PHASE;
    }

    /** A manager that was stopped can't start again, so the context must not be paused between tests. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    private CompletableFuture<Void> stopAll() {
        stopped = true;
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
            log.info("Task manager '{}' stopped: {}", name, report);
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
