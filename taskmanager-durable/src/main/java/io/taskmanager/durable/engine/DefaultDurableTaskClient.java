package io.taskmanager.durable.engine;

import io.taskmanager.TaskTimeoutException;
import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskPage;
import io.taskmanager.durable.DurableTaskQuery;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.TaskType;
import io.taskmanager.durable.engine.TaskStore.NewTask;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Rows for requests. */
public final class DefaultDurableTaskClient implements DurableTaskClient {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final TaskStore store;
    private final Json json;
    private final Submission submission;
    private final Waiters waiters;
    private final Clock clock;

    public DefaultDurableTaskClient(TaskStore store, Json json, Submission submission, Waiters waiters, Clock clock) {
        this.store = store;
        this.json = json;
        this.submission = submission;
        this.waiters = waiters;
        this.clock = clock;
    }

    @Override
    public <P> List<TaskId> enqueueAll(Collection<DurableTaskRequest<P>> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        Instant now = clock.instant();
        Map<String, String> log = Submission.log();
        String firstType = requests.iterator().next().type().name();
        List<TaskId> ids = submission.enqueue(firstType, requests.size(), trace -> {
            List<NewTask> tasks = new ArrayList<>();
            requests.forEach(request -> tasks.add(task(request, now, log, trace)));
            return store.insert(tasks);
        });
        Set<String> due = new LinkedHashSet<>();
        for (DurableTaskRequest<P> request : requests) {
            if (!dueAt(request, now).isAfter(now)) {
                due.add(request.type().name());
            }
        }
        afterCommit(due, ids);
        return ids;
    }

    private NewTask task(
            DurableTaskRequest<?> request,
            Instant now,
            @Nullable Map<String, String> log,
            @Nullable Map<String, String> trace) {
        TaskData.Header header = new TaskData.Header(
                request.key().orElse(null),
                request.once(),
                request.maxRetries().isPresent() ? request.maxRetries().getAsInt() : null,
                request.backoff().orElse(null),
                0,
                0,
                null,
                null,
                log,
                trace);
        return new NewTask(
                TaskIds.at(now),
                request.type().name(),
                new TaskData(header, json.payload(request.type(), request.payload())),
                dueAt(request, now),
                request.priority());
    }

    private static Instant dueAt(DurableTaskRequest<?> request, Instant now) {
        return request.at().orElseGet(() -> request.delay().map(now::plus).orElse(now));
    }

    /** Where they have joined a transaction, its commit shows the rows; else they are seen already. */
    private void afterCommit(Set<String> types, Collection<TaskId> ids) {
        if (!store.isInCallersTransaction() || !TransactionSynchronizationManager.isSynchronizationActive()) {
            types.forEach(waiters::queued);
            return;
        }
        for (TransactionSynchronization other : TransactionSynchronizationManager.getSynchronizations()) {
            if (other instanceof Commit commit && commit.client == this) {
                commit.types.addAll(types);
                commit.ids.addAll(ids);
                return;
            }
        }
        TransactionSynchronizationManager.registerSynchronization(new Commit(this, types, ids));
    }

    private static final class Commit implements TransactionSynchronization {
        final DefaultDurableTaskClient client;
        final Set<String> types;
        final Set<TaskId> ids;

        Commit(DefaultDurableTaskClient client, Set<String> types, Collection<TaskId> ids) {
            this.client = client;
            this.types = new LinkedHashSet<>(types);
            this.ids = new HashSet<>(ids);
        }

        @Override
        public void afterCommit() {
            types.forEach(client.waiters::queued);
        }
    }

    @Override
    public Optional<DurableTask> find(TaskId id) {
        return store.find(id);
    }

    @Override
    public <E extends @Nullable Object> E await(TaskId id, TaskType<?, E> type, Duration timeout)
            throws InterruptedException {
        refuseOwnTransaction(id);
        long start = System.nanoTime();
        long ends = waiters.begin(id);
        try {
            Duration pause = FIRST_PAUSE;
            while (true) {
                DurableTask task = store.committed(() -> find(id))
                        .orElseThrow(() -> new IllegalArgumentException("There is no task " + id
                                + "; it never was, or was deleted with age, or is not committed yet"));
                Awaited.checkType(task, type);
                if (task.state().isFinal()) {
                    return Awaited.result(
                            task,
                            type,
                            json,
                            () -> store.committed(() -> store.result(id)).orElse(null));
                }
                Duration left = timeout.minusNanos(System.nanoTime() - start);
                if (left.isNegative() || left.isZero()) {
                    throw new TaskTimeoutException(
                            "Task " + id + " has not ended within " + timeout + "; it is " + task.state());
                }
                ends = waiters.await(id, ends, min(left, pause));
                pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
            }
        } finally {
            waiters.end(id);
        }
    }

    private void refuseOwnTransaction(TaskId id) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            return;
        }
        for (TransactionSynchronization other : TransactionSynchronizationManager.getSynchronizations()) {
            if (other instanceof Commit commit && commit.client == this && commit.ids.contains(id)) {
                throw Awaited.uncommitted(id);
            }
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    @Override
    public boolean cancel(TaskId id) {
        boolean cancelled = store.cancel(id, clock.instant());
        if (cancelled) {
            waiters.ended(id);
        }
        return cancelled;
    }

    @Override
    public boolean redrive(TaskId id) {
        Optional<String> type = store.redrive(id, clock.instant());
        type.ifPresent(name -> afterCommit(Set.of(name), Set.of(id)));
        return type.isPresent();
    }

    @Override
    public DurableTaskPage list(DurableTaskQuery query) {
        return store.list(query);
    }
}
