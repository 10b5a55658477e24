package io.taskmanager.spring.readme;

import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOutcome;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
class Watch implements TaskManagerListener {

    final LongAdder timeouts = new LongAdder();
    final LongAdder brokenResources = new LongAdder();

    /** Called for each task, by the thread that ended it: must be quick. */
    @Override
    public void taskFinished(TaskFinished task) {
        if (task.outcome() == TaskOutcome.TIMED_OUT) {
            timeouts.increment();
        }
    }

    /** Events of managers are application events, too. */
    @EventListener
    void changed(TaskManagerEvent event) {
        if (event.cause() == TaskManagerEvent.Cause.BROKEN) {
            brokenResources.increment();
        }
    }
}
