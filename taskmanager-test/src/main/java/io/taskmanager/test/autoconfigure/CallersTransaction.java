package io.taskmanager.test.autoconfigure;

import io.taskmanager.durable.TaskId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What a transaction has changed. Used by the transaction's thread alone. */
final class CallersTransaction implements TransactionSynchronization {

    private final StoredTasks tasks;
    private final Set<TaskId> touched = new LinkedHashSet<>();
    private final Map<Object, Map<TaskId, StoredTask>> savepoints = new HashMap<>();

    private CallersTransaction(StoredTasks tasks) {
        this.tasks = tasks;
    }

    /** The calling thread's. */
    static CallersTransaction join(StoredTasks tasks) {
        for (TransactionSynchronization other : TransactionSynchronizationManager.getSynchronizations()) {
            if (other instanceof CallersTransaction transaction && transaction.tasks == tasks) {
                return transaction;
            }
        }
        CallersTransaction transaction = new CallersTransaction(tasks);
        TransactionSynchronizationManager.registerSynchronization(transaction);
        return transaction;
    }

    void touched(TaskId id) {
        touched.add(id);
    }

    @Override
    public void savepoint(Object savepoint) {
        savepoints.put(savepoint, tasks.current(touched));
    }

    /** A savepoint that is not known is older than all that was changed. */
    @Override
    public void savepointRollback(Object savepoint) {
        Map<TaskId, StoredTask> before = savepoints.getOrDefault(savepoint, Map.of());
        before.forEach(tasks::resetTo);
        tasks.rollBack(touched.stream().filter(id -> !before.containsKey(id)).toList());
        touched.retainAll(before.keySet());
    }

    /** Not at {@code afterCommit}: what others queue there belongs to it, too. */
    @Override
    public void afterCompletion(int status) {
        if (status == STATUS_COMMITTED) {
            tasks.commit(List.copyOf(touched));
        } else {
            tasks.rollBack(List.copyOf(touched));
        }
    }
}
