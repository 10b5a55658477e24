package io.taskmanager.test.autoconfigure;

import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The tasks, as a database would show them: what a transaction has changed is seen by itself alone until its commit, and what
 * one has changed no other can change.
 */
final class StoredTasks {

    /** All guarded by this. */
    private static final class Row {
        StoredTask current;

        @Nullable
        StoredTask committed;

        /** Who has changed it, and not committed that yet. */
        @Nullable
        CallersTransaction owner;

        Row(StoredTask current) {
            this.current = current;
        }

        @Nullable
        StoredTask seenBy(@Nullable CallersTransaction transaction) {
            return owner == null || owner == transaction ? current : committed;
        }
    }

    private record Key(String type, @Nullable String key) {}

    /** In the order of their queuing; guarded by this. */
    private final Map<TaskId, Row> rows = new LinkedHashMap<>();

    /** Guarded by this. */
    private final Map<Key, TaskId> keys = new LinkedHashMap<>();

    /** Is given what a transaction has committed. */
    private final Consumer<List<TaskId>> committed;

    StoredTasks(Consumer<List<TaskId>> committed) {
        this.committed = committed;
    }

    /** Whether the calling thread is in a transaction. */
    static boolean isInTransaction() {
        return TransactionSynchronizationManager.isSynchronizationActive()
                && TransactionSynchronizationManager.isActualTransactionActive();
    }

    private @Nullable CallersTransaction transaction() {
        return isInTransaction() ? CallersTransaction.join(this) : null;
    }

    /** Adds a task, unless there is one of its type and key; then it is that one's id. */
    synchronized TaskId add(StoredTask task) {
        CallersTransaction transaction = transaction();
        Key key = key(task);
        TaskId known = task.task().key() == null ? null : keys.get(key);
        if (known != null) {
            Row row = row(known);
            if (row.seenBy(transaction) == null) {
                throw new CannotAcquireLockException("Another transaction has queued a task of type \"" + key.type()
                        + "\" with the key \"" + key.key() + "\", and has not ended; a database would wait for that");
            }
            return known;
        }
        Row row = new Row(task);
        rows.put(task.task().id(), row);
        keys.put(key, task.task().id());
        set(row, task, transaction);
        return task.task().id();
    }

    private static Key key(StoredTask task) {
        return new Key(task.task().type(), task.task().key());
    }

    private Row row(TaskId id) {
        Row row = rows.get(id);
        if (row == null) {
            throw new IllegalStateException("no row " + id);
        }
        return row;
    }

    private void set(Row row, StoredTask task, @Nullable CallersTransaction transaction) {
        row.current = task;
        row.owner = transaction;
        if (transaction == null) {
            row.committed = task;
            notifyAll();
        } else {
            transaction.touched(task.task().id());
        }
    }

    synchronized Optional<StoredTask> find(TaskId id) {
        Row row = rows.get(id);
        return Optional.ofNullable(row == null ? null : row.seenBy(transaction()));
    }

    /** All that the caller may see, in the order of their queuing. */
    synchronized List<StoredTask> all() {
        CallersTransaction transaction = transaction();
        List<StoredTask> all = new ArrayList<>();
        rows.values().forEach(row -> {
            StoredTask task = row.seenBy(transaction);
            if (task != null) {
                all.add(task);
            }
        });
        return all;
    }

    /** Whether the caller's own transaction has queued it, so that nobody can run it yet. */
    synchronized boolean isUncommitted(TaskId id) {
        Row row = rows.get(id);
        return row != null && row.owner != null && row.owner == transaction();
    }

    /** Changes a task, where the change is not empty; returns what it is then. */
    synchronized Optional<StoredTask> change(TaskId id, Function<StoredTask, Optional<StoredTask>> change) {
        CallersTransaction transaction = transaction();
        Row row = rows.get(id);
        StoredTask seen = row == null ? null : row.seenBy(transaction);
        Optional<StoredTask> changed = seen == null ? Optional.empty() : change.apply(seen);
        if (row != null && changed.isPresent()) {
            if (row.owner != null && row.owner != transaction) {
                throw new CannotAcquireLockException("Another transaction has changed task " + id
                        + ", and has not ended; a database would wait for that");
            }
            set(row, changed.get(), transaction);
        }
        return changed;
    }

    /** Changes a task that the caller runs, outside of all transactions. */
    synchronized void write(StoredTask task) {
        Row row = rows.get(task.task().id());
        if (row != null) { // else the test has ended
            set(row, task, null);
        }
    }

    /** Waits while it runs, on another thread, and not longer. */
    synchronized void awaitEnd(TaskId id, long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        Row row = rows.get(id);
        while (row != null && row.current.state() == DurableTaskState.RUNNING) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** What the transaction has made of those, for a return to a savepoint. */
    synchronized Map<TaskId, StoredTask> current(Iterable<TaskId> ids) {
        Map<TaskId, StoredTask> current = new LinkedHashMap<>();
        for (TaskId id : ids) {
            Row row = rows.get(id);
            if (row != null) {
                current.put(id, row.current);
            }
        }
        return current;
    }

    synchronized void resetTo(TaskId id, StoredTask task) {
        row(id).current = task;
    }

    void commit(List<TaskId> ids) {
        synchronized (this) {
            for (TaskId id : ids) {
                Row row = rows.get(id);
                if (row != null) { // else the test has ended
                    set(row, row.current, null);
                }
            }
        }
        committed.accept(ids);
    }

    synchronized void rollBack(List<TaskId> ids) {
        for (TaskId id : ids) {
            Row row = rows.get(id);
            if (row == null) {
                continue;
            }
            if (row.committed != null) {
                set(row, row.committed, null);
            } else {
                rows.remove(id);
                keys.remove(key(row.current), id);
            }
        }
    }

    synchronized void clear() {
        rows.clear();
        keys.clear();
    }
}
