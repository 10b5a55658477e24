package io.taskmanager.durable.actuate;

import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskPage;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.engine.StoreNumbers;
import io.taskmanager.durable.engine.TaskStore.NodeInfo;
import io.taskmanager.spring.actuate.Audit;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Shows the durable tasks of the database, whichever node they are of, never what they carry: an error appears by its class. Writes
 * are off unless {@code management.endpoint.durabletasks.access} is {@code unrestricted}; each is noted by the logger
 * {@code io.taskmanager.audit}, and as an audit event.
 *
 * <p>What an operation returns is what a client of JMX gets; over HTTP, what is null is left out. There, {@link DurableTaskEndpointWebExtension} turns what is thrown
 * here into a status.
 */
@Endpoint(id = "durabletasks", defaultAccess = Access.READ_ONLY)
public final class DurableTaskEndpoint {

    /** In the place of an id, for a page of tasks; no id can be so. */
    private static final String TASKS = "tasks";

    private final DurableTaskClient client;
    private final StoreNumbers numbers;
    private final Audit audit;

    /**
     * An endpoint for the tasks of a client.
     *
     * @param publisher is told of each write, as an audit event
     */
    public DurableTaskEndpoint(DurableTaskClient client, StoreNumbers numbers, ApplicationEventPublisher publisher) {
        this.client = client;
        this.numbers = numbers;
        this.audit = new Audit(publisher);
    }

    /**
     * How many tasks there are of each type and state, what waits longest, and who has tasks; as of a few seconds ago at most, or
     * longer where counting takes its time.
     *
     * @throws IllegalStateException if the database has given no numbers for a minute
     */
    @ReadOperation
    public Overview overview() {
        return Overview.of(numbers.latest()
                .orElseThrow(() -> new IllegalStateException("the database has not given its numbers in time")));
    }

    /**
     * One task, or some tasks, newest first.
     *
     * @param id of a task, or {@code tasks} for a page of them; only for that are the others
     * @param type only tasks of the type of this name
     * @param state only tasks in this state
     * @param before only tasks that are older than the one of this id: the page's {@code next}
     * @param limit how many at most, 1 to 1000; 50 if left out
     * @return a {@link Task}, or {@link Tasks}
     * @throws IllegalArgumentException if there is no such task, or that can't be asked
     */
    @ReadOperation
    public OperationResponseBody tasks(
            @Selector String id,
            @Nullable String type,
            @Nullable String state,
            @Nullable String before,
            @Nullable String limit) {
        return id.equals(TASKS)
                ? Tasks.of(client.list(TaskQueries.of(type, state, before, limit)))
                : Task.of(known(id));
    }

    /**
     * Queues a task again that has ended as DEAD_LETTER, LOST or FAILED, or cancels one that is QUEUED. The audit has no name of who
     * did it.
     *
     * @param action redrive or cancel
     * @return the task as it is then
     * @throws IllegalArgumentException if there is no such task, or no such action
     * @throws IllegalStateException if it is in another state
     */
    @WriteOperation
    public Task change(@Selector String id, @Nullable String action) {
        return change(SecurityContext.NONE, id, action);
    }

    Task change(SecurityContext security, String id, @Nullable String action) {
        TaskId task = known(id).id();
        TaskAction what = TaskAction.of(action);
        if (!what.applyTo(client, task)) {
            throw new IllegalStateException("the task " + id + " must be " + what.from() + " for " + what + ", but is "
                    + known(id).state());
        }
        audit.written(security, what.toString(), Map.of("task", task.toString()));
        return Task.of(known(id));
    }

    private DurableTask known(String id) {
        TaskId task;
        try {
            task = TaskId.of(id);
        } catch (IllegalArgumentException e) {
            throw new UnknownTaskException(id, e);
        }
        return client.find(task).orElseThrow(() -> new UnknownTaskException(id, null));
    }

    /** There is no task of that id, or no id is like that. */
    static final class UnknownTaskException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        UnknownTaskException(String id, @Nullable Throwable cause) {
            super("there is no task '" + id + "'", cause);
        }
    }

    /**
     * All tasks, in numbers.
     *
     * @param asOf when they were read
     * @param types by type, how many are in each state
     * @param states how many of all types are in each state
     * @param deadLetters how many there are that have been given up
     * @param oldest the task that waits longest of those that are due; null if none is due
     * @param nodes those that have tasks now: an idle one is not there
     */
    public record Overview(
            Instant asOf,
            Map<String, Map<DurableTaskState, Long>> types,
            Map<DurableTaskState, Long> states,
            long deadLetters,
            @Nullable Oldest oldest,
            List<NodeInfo> nodes)
            implements OperationResponseBody {

        static Overview of(StoreNumbers.Reading numbers) {
            Map<DurableTaskState, Long> states = new LinkedHashMap<>();
            for (DurableTaskState state : DurableTaskState.values()) {
                states.put(state, numbers.count(state));
            }
            return new Overview(
                    numbers.asOf(),
                    numbers.counts(),
                    states,
                    numbers.count(DurableTaskState.DEAD_LETTER),
                    numbers.oldestDue() == null ? null : new Oldest(numbers.oldestDue(), numbers.oldest()),
                    numbers.nodes());
        }
    }

    /**
     * A task that waits.
     *
     * @param dueAt since when
     * @param age how long that was, when the numbers were read
     */
    public record Oldest(Instant dueAt, Duration age) {}

    /**
     * Some tasks.
     *
     * @param tasks newest first
     * @param next what to ask {@code before} for those that follow; null if there are none
     */
    public record Tasks(List<Task> tasks, @Nullable String next) implements OperationResponseBody {

        static Tasks of(DurableTaskPage page) {
            return new Tasks(
                    page.tasks().stream().map(Task::of).toList(),
                    page.next().map(TaskId::toString).orElse(null));
        }
    }

    /** A task; see {@link DurableTask} for each. What it has thrown is the class alone. */
    public record Task(
            String id,
            String type,
            DurableTaskState state,
            @Nullable String key,
            boolean priority,
            boolean once,
            int attempts,
            Instant createdAt,
            Instant dueAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String node,
            @Nullable String lastError)
            implements OperationResponseBody {

        static Task of(DurableTask task) {
            return new Task(
                    task.id().toString(),
                    task.type(),
                    task.state(),
                    task.key(),
                    task.priority(),
                    task.once(),
                    task.attempts(),
                    task.createdAt(),
                    task.dueAt(),
                    task.startedAt(),
                    task.finishedAt(),
                    task.node(),
                    task.lastError());
        }
    }
}
