package io.taskmanager.test.autoconfigure;

import io.taskmanager.TaskTimeoutException;
import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskPage;
import io.taskmanager.durable.DurableTaskQuery;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.TaskType;
import io.taskmanager.durable.engine.Awaited;
import io.taskmanager.durable.engine.Handlers;
import io.taskmanager.durable.engine.Json;
import io.taskmanager.durable.engine.TaskIds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** A client and a node in one, without a database. */
final class SynchronousDurableTaskClient implements DurableTaskClient, SmartInitializingSingleton {

    private static final String NODE = "test";

    private final Json json;
    private final HandlerCalls calls;
    private final Clock clock;
    private final StoredTasks tasks = new StoredTasks(this::run);

    SynchronousDurableTaskClient(Json json, HandlerCalls calls, Clock clock) {
        this.json = json;
        this.calls = calls;
        this.clock = clock;
    }

    /** What was queued while beans were made runs now, as it does when a node starts. */
    @Override
    public void afterSingletonsInstantiated() {
        calls.start();
        run(tasks.all().stream().map(stored -> stored.task().id()).toList());
    }

    void forget() {
        tasks.clear();
    }

    @Override
    public <P> List<TaskId> enqueueAll(Collection<DurableTaskRequest<P>> requests) {
        Instant now = clock.instant();
        List<StoredTask> written = new ArrayList<>();
        requests.forEach(request -> written.add(task(request, now)));
        List<TaskId> ids = written.stream().map(tasks::add).toList();
        if (!StoredTasks.isInTransaction()) {
            run(ids);
        }
        return ids;
    }

    private StoredTask task(DurableTaskRequest<?> request, Instant now) {
        DurableTask task = new DurableTask(
                TaskIds.at(now),
                request.type().name(),
                DurableTaskState.QUEUED,
                request.key().orElse(null),
                request.priority(),
                request.once(),
                0,
                now,
                request.at().orElseGet(() -> request.delay().map(now::plus).orElse(now)),
                null,
                null,
                null,
                null,
                null);
        return new StoredTask(
                task,
                json.payload(request.type(), request.payload()),
                request.maxRetries().isPresent() ? request.maxRetries().getAsInt() : null,
                0,
                null);
    }

    /** Those that are due, the lane of priority first. */
    private void run(List<TaskId> ids) {
        Instant now = clock.instant();
        List<TaskId> due = ids.stream()
                .flatMap(id -> tasks.find(id).stream())
                .filter(stored -> stored.isDue(now))
                .sorted(Comparator.comparing(
                        (StoredTask stored) -> !stored.task().priority()))
                .map(stored -> stored.task().id())
                .toList();
        if (!due.isEmpty()) {
            calls.outsideTransactions(() -> due.forEach(this::run));
        }
    }

    private void run(TaskId id) {
        tasks.find(id).flatMap(stored -> calls.find(stored.task().type())).ifPresent(handler -> run(id, handler));
    }

    private void run(TaskId id, Handlers.Handler<?, ?, ?> handler) {
        boolean again = true;
        while (again) {
            Optional<StoredTask> begun = tasks.change(
                    id,
                    stored -> stored.state() == DurableTaskState.QUEUED
                            ? Optional.of(stored.begun(clock.instant(), NODE))
                            : Optional.empty());
            if (begun.isEmpty()) {
                return; // another thread has it
            }
            StoredTask then = calls.deliver(begun.get(), handler);
            tasks.write(then);
            again = then.state() == DurableTaskState.QUEUED
                    && then.failures() > begun.get().failures();
        }
    }

    @Override
    public Optional<DurableTask> find(TaskId id) {
        return tasks.find(id).map(StoredTask::task);
    }

    @Override
    public <E extends @Nullable Object> E await(TaskId id, TaskType<?, E> type, Duration timeout)
            throws InterruptedException {
        StoredTask stored = known(id, type);
        if (stored.state() == DurableTaskState.QUEUED) {
            if (tasks.isUncommitted(id)) {
                throw Awaited.uncommitted(id);
            }
            if (stored.isDue(clock.instant().plus(timeout))) {
                calls.outsideTransactions(() -> run(id));
            }
        } else {
            tasks.awaitEnd(id, timeout.toNanos());
        }
        StoredTask then = known(id, type);
        if (then.state().isFinal()) {
            return Awaited.result(then.task(), type, json, then::result);
        }
        throw new TaskTimeoutException("Task " + id + " has not ended within " + timeout + "; it is " + then.state()
                + (then.state() == DurableTaskState.QUEUED ? why(then, timeout) : ""));
    }

    private String why(StoredTask queued, Duration timeout) {
        if (!queued.isDue(clock.instant().plus(timeout))) {
            return " until " + queued.task().dueAt();
        }
        return calls.find(queued.task().type()).isEmpty()
                ? ", and there is no handler of type \"" + queued.task().type() + "\" here"
                : ", and its manager has not taken it; the log says why";
    }

    private StoredTask known(TaskId id, TaskType<?, ?> type) {
        StoredTask stored = tasks.find(id)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no task " + id + "; it never was, or is not committed yet"));
        Awaited.checkType(stored.task(), type);
        return stored;
    }

    @Override
    public boolean cancel(TaskId id) {
        return tasks.change(
                        id,
                        stored -> stored.state() == DurableTaskState.QUEUED
                                ? Optional.of(stored.ended(DurableTaskState.CANCELLED, clock.instant(), null))
                                : Optional.empty())
                .isPresent();
    }

    @Override
    public boolean redrive(TaskId id) {
        boolean redriven = tasks.change(
                        id,
                        stored -> stored.state().canBeRedriven()
                                ? Optional.of(stored.redriven(clock.instant()))
                                : Optional.empty())
                .isPresent();
        if (redriven && !StoredTasks.isInTransaction()) {
            run(List.of(id));
        }
        return redriven;
    }

    @Override
    public DurableTaskPage list(DurableTaskQuery query) {
        TaskId before = query.before();
        List<DurableTask> found = tasks.all().stream()
                .map(StoredTask::task)
                .filter(task -> query.type() == null || query.type().equals(task.type()))
                .filter(task -> query.state() == null || query.state() == task.state())
                .filter(task -> before == null || task.id().toString().compareTo(before.toString()) < 0)
                .sorted(Comparator.comparing((DurableTask task) -> task.id().toString())
                        .reversed())
                .limit(query.limit() + 1L)
                .toList();
        if (found.size() <= query.limit()) {
            return new DurableTaskPage(found, Optional.empty());
        }
        List<DurableTask> page = found.subList(0, query.limit());
        return new DurableTaskPage(page, Optional.of(page.get(page.size() - 1).id()));
    }
}
