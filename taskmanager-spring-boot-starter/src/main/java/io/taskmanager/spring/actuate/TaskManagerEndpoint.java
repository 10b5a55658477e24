package io.taskmanager.spring.actuate;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskStats;
import io.taskmanager.spring.TaskManagerRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows the managers as numbers and settings, never what tasks carry. Durations are ISO 8601 strings, such as
 * {@code PT0.012S}; rates are per second.
 */
@Endpoint(id = "taskmanager", defaultAccess = Access.READ_ONLY)
public final class TaskManagerEndpoint {

    private final TaskManagerRegistry registry;

    public TaskManagerEndpoint(TaskManagerRegistry registry) {
        this.registry = registry;
    }

    /** All managers by name, in short. */
    @ReadOperation
    public Managers managers() {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        registry.all().forEach((name, manager) -> summaries.put(name, new Summary(manager.state(), manager.stats())));
        return new Managers(summaries);
    }

    /** One manager in full; null if there is none of that name. */
    @ReadOperation
    public @Nullable Details manager(@Selector String name) {
        if (!registry.names().contains(name)) {
            return null;
        }
        TaskManager<?, ?> manager = registry.get(name);
        return new Details(
                name,
                manager.state(),
                manager.stats(),
                manager.metrics(),
                registry.config(name).map(ConfigDescriptor::of).orElse(null));
    }

    /**
     * All managers.
     *
     * @param managers each by its name
     */
    public record Managers(Map<String, Summary> managers) {}

    /**
     * A manager in short.
     *
     * @param state where it stands in its life
     * @param stats its counters
     */
    public record Summary(TaskManagerState state, TaskStats stats) {}

    /**
     * A manager in full.
     *
     * @param name its key under {@code taskmanager.managers}
     * @param state where it stands in its life
     * @param stats its counters
     * @param metrics what its tasks did
     * @param config its settings; null if the starter didn't create it
     */
    public record Details(
            String name,
            TaskManagerState state,
            TaskStats stats,
            TaskMetrics metrics,
            @Nullable ConfigDescriptor config) {}
}
