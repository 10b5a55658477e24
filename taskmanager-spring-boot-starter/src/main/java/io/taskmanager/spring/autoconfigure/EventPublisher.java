package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Publishes the managers' events as application events, on the thread that made them happen. Those of the start are held until
 * the context has all its beans: before, no {@code @EventListener} would hear of them, and other listeners would be created
 * by a worker's thread.
 */
final class EventPublisher implements TaskManagerListener, ApplicationListener<ContextRefreshedEvent> {

    private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);

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
        release().forEach(this::publishLate);
    }

    /** What a listener throws is logged, as the manager logs it of later events: it must not end the start. */
    private void publishLate(TaskManagerEvent event) {
        try {
            publisher.publishEvent(event);
        } catch (RuntimeException | Error e) {
            log.error("A listener threw when told of {} in task manager '{}'", event.type(), event.managerName(), e);
        }
    }

    private synchronized List<TaskManagerEvent> release() {
        List<TaskManagerEvent> released = held == null ? List.of() : held;
        held = null;
        return released;
    }
}
