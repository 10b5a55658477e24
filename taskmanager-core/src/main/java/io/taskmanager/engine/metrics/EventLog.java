package io.taskmanager.engine.metrics;

import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.engine.support.Guard;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last events, and tells the listener of each. For what is rare: not for each task. An event that there is no
 * memory for is missing, and logged.
 */
public final class EventLog {

    private static final int KEPT = 200;

    private final String managerName;
    private final @Nullable TaskManagerListener listener;
    private final Guard guard;
    /** Guarded by itself. */
    private final Deque<TaskManagerEvent> events = new ArrayDeque<>(KEPT);

    public EventLog(String managerName, @Nullable TaskManagerListener listener, Guard guard) {
        this.managerName = managerName;
        this.listener = listener;
        this.guard = guard;
    }

    public void add(Type type, String detail) {
        add(type, null, detail);
    }

    /** A task ignores its interrupt. */
    public void stuck(String taskName) {
        add(Type.TASK_STUCK, taskName + " ignores its interrupt");
    }

    /** A resource was destroyed. */
    public void destroyed(Cause cause, String detail) {
        add(Type.RESOURCE_DESTROYED, cause, detail);
    }

    private void add(Type type, @Nullable Cause cause, String detail) {
        TaskManagerEvent event;
        try {
            event = new TaskManagerEvent(managerName, Instant.now(), type, cause, detail);
            keep(event);
        } catch (Throwable e) {
            guard.report("keeping an event", e); // what it tells of goes on
            return;
        }
        if (listener != null) {
            tell(listener, event);
        }
    }

    private void tell(TaskManagerListener told, TaskManagerEvent event) {
        try {
            guard.run("the listener", () -> told.event(event));
        } catch (Throwable e) {
            guard.report("the listener", e); // no memory to tell it
        }
    }

    private void keep(TaskManagerEvent event) {
        synchronized (events) {
            if (events.size() == KEPT) {
                events.removeFirst();
            }
            events.addLast(event);
        }
    }

    /** The last 200, oldest first. */
    public List<TaskManagerEvent> last() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }
}
