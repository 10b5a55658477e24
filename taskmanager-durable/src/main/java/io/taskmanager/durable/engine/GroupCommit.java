package io.taskmanager.durable.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Writes the outcomes of a node's tasks: those that come while a commit is under way go together into the next. The first of them
 * writes for all, so there is no thread of its own, no delay, and no batch where there is no load.
 *
 * <p>While the database can't be reached, it is tried again and again: the tasks have been done, and what is lost here would be
 * done anew, or be told to be lost.
 */
final class GroupCommit {

    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final TaskStore store;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();

    /** Guarded by the lock, as is whether somebody writes. */
    private List<Entry> waiting = new ArrayList<>();

    private boolean writing;

    GroupCommit(TaskStore store) {
        this.store = store;
    }

    private static final class Entry {
        final Outcome outcome;
        boolean done;
        boolean applied;

        @Nullable
        RuntimeException error;

        Entry(Outcome outcome) {
            this.outcome = outcome;
        }
    }

    /**
     * Writes an outcome; returns when it is committed.
     *
     * @return false if the row was no longer this node's, and nothing was written
     * @throws DataIntegrityViolationException if the database refuses it, and ever will
     * @throws InterruptedException if the thread was interrupted while it waited for the database; it may have been written
     */
    boolean write(Outcome outcome) throws InterruptedException {
        Entry entry = new Entry(outcome);
        List<Entry> group;
        lock.lockInterruptibly();
        try {
            waiting.add(entry);
            while (writing && !entry.done) {
                written.await();
            }
            if (entry.done) {
                return answer(entry);
            }
            writing = true;
            group = waiting;
            waiting = new ArrayList<>();
        } catch (InterruptedException e) {
            waiting.remove(entry);
            throw e;
        } finally {
            lock.unlock();
        }
        try {
            write(group);
        } finally {
            lock.lock();
            try {
                writing = false;
                // Where this one was interrupted, one of the others tries for them all.
                group.stream().filter(other -> !other.done && other != entry).forEach(waiting::add);
                written.signalAll();
            } finally {
                lock.unlock();
            }
        }
        return answer(entry);
    }

    private static boolean answer(Entry entry) {
        if (entry.error != null) {
            throw entry.error;
        }
        return entry.applied;
    }

    /** Only what the lock orders is read by the others: each entry is theirs again when {@code writing} ends. */
    private void write(List<Entry> group) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                boolean[] applied =
                        store.apply(group.stream().map(entry -> entry.outcome).collect(Collectors.toList()));
                for (int i = 0; i < applied.length; i++) {
                    group.get(i).applied = applied[i];
                    group.get(i).done = true;
                }
                return;
            } catch (DataIntegrityViolationException e) {
                if (group.size() == 1) {
                    group.get(0).error = e;
                    group.get(0).done = true;
                    return;
                }
                for (Entry entry : group) {
                    write(List.of(entry));
                }
                return;
            } catch (DataAccessException | org.springframework.transaction.TransactionException e) {
                log.warn("The outcomes of {} tasks can't be written now; trying again in {}", group.size(), pause, e);
            }
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
    }
}
