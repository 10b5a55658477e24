package io.taskmanager.spring.actuate;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskStats;
import io.taskmanager.WorkerInfo;
import io.taskmanager.spring.TaskManagerRegistry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Shows the managers as numbers and settings, never what tasks carry, and steers them. Durations are ISO 8601 strings,
 * such as {@code PT0.012S}; rates are per second. Writes are off unless {@code management.endpoint.taskmanager.access} is
 * {@code unrestricted}; each is noted by the logger {@code io.taskmanager.audit}, and as an audit event.
 *
 * <p>What an operation returns is what a client of JMX gets. Over HTTP, {@link TaskManagerEndpointWebExtension} turns what is
 * thrown here into a status.
 */
@Endpoint(id = "taskmanager", defaultAccess = Access.READ_ONLY)
public final class TaskManagerEndpoint {

    private final TaskManagerRegistry registry;
    private final Audit audit;

    /**
     * An endpoint for the managers of a registry.
     *
     * @param publisher is told of each write, as an audit event
     */
    public TaskManagerEndpoint(TaskManagerRegistry registry, ApplicationEventPublisher publisher) {
        this.registry = registry;
        this.audit = new Audit(publisher);
    }

    /** All managers by name, in short. */
    @ReadOperation
    public Managers managers() {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        registry.all().forEach((name, manager) -> summaries.put(name, Summary.of(manager)));
        return new Managers(summaries);
    }

    /**
     * One manager in full.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    @ReadOperation
    public Details manager(@Selector String name) {
        TaskManager<?, ?> manager = registry.get(name);
        // A mock has none.
        @Nullable TaskManagerControl control = manager.control();
        return new Details(
                name,
                manager.state(),
                manager.stats(),
                control == null ? 0 : control.maxWorkers(),
                control == null ? null : control.explain(),
                manager.metrics(),
                registry.config(name).map(ConfigDescriptor::of).orElse(null),
                control == null ? List.of() : control.workers(),
                control == null
                        ? List.of()
                        : control.events().stream().map(Event::of).toList());
    }

    /**
     * Steers one manager and tells of it then. The audit has no name of who did it.
     *
     * @param action pause, resume, resize, recycle or probe
     * @param workerCount for resize, else left out
     * @param maxWorkerCount for resize, else left out
     * @throws IllegalArgumentException if no manager has that name, or it can't be asked for that
     * @throws IllegalStateException if the manager is not running any more
     */
    @WriteOperation
    public Summary steer(
            @Selector String name,
            @Nullable String action,
            @Nullable String workerCount,
            @Nullable String maxWorkerCount) {
        return steer(SecurityContext.NONE, name, action, workerCount, maxWorkerCount);
    }

    Summary steer(
            SecurityContext security,
            String name,
            @Nullable String action,
            @Nullable String workerCount,
            @Nullable String maxWorkerCount) {
        TaskManager<?, ?> manager = registry.get(name);
        ControlRequest request = ControlRequest.of(action, workerCount, maxWorkerCount);
        TaskManagerState state = manager.state();
        if (state != TaskManagerState.RUNNING) {
            throw new IllegalStateException("the task manager '" + name + "' must be RUNNING, but is " + state);
        }
        request.applyTo(manager.control());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("manager", name);
        data.putAll(request.values());
        audit.written(security, request.action().toString(), data);
        return Summary.of(manager);
    }

    /** Of all managers. */
    Set<String> names() {
        return registry.names();
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
    public record Summary(TaskManagerState state, TaskStats stats) {

        static Summary of(TaskManager<?, ?> manager) {
            return new Summary(manager.state(), manager.stats());
        }
    }

    /**
     * A manager in full.
     *
     * @param name its name in the {@link TaskManagerRegistry}
     * @param state where it stands in its life
     * @param stats its counters
     * @param maxWorkers how many workers there may be, as its settings or the last resize have it
     * @param why what holds its queue, in one sentence
     * @param metrics what its tasks did
     * @param config the settings that it was created with; null if the starter didn't create it
     * @param workers what each worker is doing
     * @param events what happened last, oldest first
     */
    public record Details(
            String name,
            TaskManagerState state,
            TaskStats stats,
            int maxWorkers,
            @Nullable String why,
            TaskMetrics metrics,
            @Nullable ConfigDescriptor config,
            List<WorkerInfo> workers,
            List<Event> events) {}

    /**
     * Something that happened in a manager.
     *
     * @param at when
     * @param type what
     * @param cause why a resource was destroyed; null for all other types
     * @param detail the numbers, for a person to read; a task appears by its name alone, an error by its class
     */
    public record Event(Instant at, TaskManagerEvent.Type type, TaskManagerEvent.@Nullable Cause cause, String detail) {

        static Event of(TaskManagerEvent event) {
            return new Event(event.at(), event.type(), event.cause(), event.detail());
        }
    }
}
