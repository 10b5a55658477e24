package io.taskmanager.durable.engine;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * db-scheduler's recurring tasks, in a table of their own: each queues a durable task, and remembers its id. The key of what is
 * queued is the time that it is for, so a node that dies after the queuing and before the note of it has queued the same as the
 * next.
 */
final class RecurringTasks {

    private static final Logger log = LoggerFactory.getLogger(RecurringTasks.class);

    private final DefaultDurableTaskClient client;
    private final Clock clock;
    private final List<RecurringTask<byte[]>> tasks = new ArrayList<>();

    /** @throws SetupException if two have one name */
    RecurringTasks(
            List<io.taskmanager.durable.RecurringTask<?>> recurring, DefaultDurableTaskClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
        for (io.taskmanager.durable.RecurringTask<?> one : recurring) {
            if (tasks.stream().anyMatch(other -> other.getName().equals(one.name()))) {
                throw new SetupException(
                        "Two recurring tasks have the name \"" + one.name() + "\".", "Give each a name of its own.");
            }
            tasks.add(task(one));
        }
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    List<RecurringTask<byte[]>> tasks() {
        return tasks;
    }

    private <P> RecurringTask<byte[]> task(io.taskmanager.durable.RecurringTask<P> recurring) {
        return Tasks.recurring(recurring.name(), schedule(recurring), byte[].class)
                .initialData(new byte[0])
                .executeStateful((instance, context) -> {
                    byte[] last = instance.getData();
                    if (isUnderWay(last)) {
                        log.info(
                                "Recurring task \"{}\" is left out this time, since the one before has not ended",
                                recurring.name());
                        return last;
                    }
                    Instant time = context.getExecution().getExecutionTime();
                    TaskId id = client.enqueue(DurableTaskRequest.builder(
                                    recurring.type(), recurring.payload().get())
                            .key("recurring " + recurring.name() + " " + time)
                            .build());
                    return id.toString().getBytes(StandardCharsets.UTF_8);
                });
    }

    private boolean isUnderWay(byte[] last) {
        if (last.length == 0) {
            return false;
        }
        Optional<DurableTask> task = client.find(TaskId.of(new String(last, StandardCharsets.UTF_8)));
        return task.isPresent() && !task.get().state().isFinal();
    }

    private static Schedule schedule(io.taskmanager.durable.RecurringTask<?> recurring) {
        if (recurring.fixedDelay() != null) {
            return FixedDelay.of(recurring.fixedDelay());
        }
        return Schedules.cron(recurring.cron(), recurring.zone());
    }
}
