package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Publishes the managers' events as application events, on the thread that made them happen. Those of the start are held until
 * the context has all its beans: before, no {@code @EventListener} would hear of them, and other listeners would be created
 * by a worker's thread.
 */
final class EventPublisher implements TaskManagerListener, ApplicationListener<ContextRefreshedEvent> {

    private final ApplicationEventPublisher publisher;

    /** Guarded by this; null once the context has its beans. */
    private @Nullable List<TaskManagerEvent> held = new ArrayList<>();

    EventPublisher(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void event(TaskManagerEvent event) {
        if (!hold(event)) {
            publisher.publishEvent(event);
        }
    }

    private synchronized boolean hold(TaskManagerEvent event) {
        return held != null && held.add(event);
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent refreshed) {
        release().forEach(publisher::publishEvent);
    }

    private synchronized List<TaskManagerEvent> release() {
        List<TaskManagerEvent> released = held == null ? List.of() : held;
        held = null;
        return released;
    }
}
