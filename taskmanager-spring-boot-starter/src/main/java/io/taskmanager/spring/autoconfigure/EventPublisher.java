package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerListener;
import org.springframework.context.ApplicationEventPublisher;

/** Publishes a manager's events as application events, on the thread that made them happen. */
final class EventPublisher implements TaskManagerListener {

    private final ApplicationEventPublisher publisher;

    EventPublisher(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void event(TaskManagerEvent event) {
        publisher.publishEvent(event);
    }
}
