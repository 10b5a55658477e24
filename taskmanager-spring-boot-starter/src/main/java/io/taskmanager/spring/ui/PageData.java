package io.taskmanager.spring.ui;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskStats;
import io.taskmanager.WorkerInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the page asks for again and again: what is new since a cursor, and what is so now.
 *
 * @param cursor what to ask with the next time
 * @param managers each by its name
 */
public record PageData(long cursor, Map<String, Manager> managers) implements OperationResponseBody {

    /** The state of a manager whose bean is lazy and was not needed yet. */
    static final String NOT_CREATED = "NOT_CREATED";

    static PageData since(long since, Sampler sampler) {
        long cursor = sampler.cursor();
        Map<String, Manager> managers = new LinkedHashMap<>();
        sampler.managers()
                .forEach((name, manager) -> managers.put(
                        name,
                        manager == null
                                ? Manager.notCreated()
                                : Manager.of(manager, since, sampler.between(name, since, cursor))));
        return new PageData(cursor, managers);
    }

    /**
     * A manager.
     *
     * @param state where it stands in its life
     * @param why what holds its queue, in one sentence; null for a mock
     * @param stats its counters; null if it was not created yet
     * @param maxWorkers how many workers there may be
     * @param samples its numbers since the cursor, oldest first
     * @param workers what each worker is doing
     * @param events what happened since the cursor, oldest first
     */
    public record Manager(
            String state,
            @Nullable String why,
            @Nullable TaskStats stats,
            int maxWorkers,
            List<Sample> samples,
            List<WorkerInfo> workers,
            List<TaskManagerEvent> events) {

        static Manager notCreated() {
            return new Manager(
                    NOT_CREATED, "It is lazy, and was not needed yet.", null, 0, List.of(), List.of(), List.of());
        }

        static Manager of(TaskManager<?, ?> manager, long since, List<Sample> samples) {
            @Nullable TaskManagerControl control = manager.control();
            return new Manager(
                    String.valueOf(manager.state()),
                    control == null ? null : control.explain(),
                    manager.stats(),
                    control == null ? 0 : control.maxWorkers(),
                    samples,
                    control == null ? List.of() : control.workers(),
                    control == null ? List.of() : eventsSince(control, since));
        }

        /** Those of the cursor's millisecond again: some of them may be younger than its samples. */
        private static List<TaskManagerEvent> eventsSince(TaskManagerControl control, long since) {
            return control.events().stream()
                    .filter(event -> event.at().toEpochMilli() >= since)
                    .toList();
        }
    }
}
