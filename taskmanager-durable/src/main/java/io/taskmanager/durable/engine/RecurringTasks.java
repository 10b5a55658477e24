package io.taskmanager.durable.engine;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

    /** The next time of a cron expression may be far, and this one would be left out. */
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(5);

    private final DurableTaskClient client;
    private final List<RecurringTask<byte[]>> tasks = new ArrayList<>();

    /** @throws SetupException if two have one name, or one a class that JSON can't be made of */
    RecurringTasks(List<io.taskmanager.durable.RecurringTask<?>> recurring, DurableTaskClient client, Json json) {
        this.client = client;
        for (io.taskmanager.durable.RecurringTask<?> one : recurring) {
            if (tasks.stream().anyMatch(other -> other.getName().equals(one.name()))) {
                throw new SetupException(
                        "Two recurring tasks have the name \"" + one.name() + "\".", "Give each a name of its own.");
            }
            json.check("The recurring task \"" + one.name() + "\"", one.type());
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
        Tasks.RecurringTaskBuilder<byte[]> builder = Tasks.recurring(
                        recurring.name(), schedule(recurring), byte[].class)
                .initialData(new byte[0])
                .onDeadExecution(RecurringTasks::forTheSameTime);
        if (recurring.cron() != null) {
            builder.onFailure(new FailureHandler.OnFailureRetryLater<>(PAUSE_AFTER_ERROR));
        }
        return builder.executeStateful((instance, context) -> {
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

    /** And so with the same key, if it was queued. */
    private static void forTheSameTime(ExecutionComplete died, ExecutionOperations<byte[]> operations) {
        operations.reschedule(died, died.getExecution().getExecutionTime());
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
