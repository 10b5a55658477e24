package io.taskmanager.durable.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Writes the outcomes of a node's tasks: those that come while commits are under way go together into the next. The first of them
 * writes for all, so there is no thread of its own, no delay, and no batch where there is no load.
 *
 * <p>While the database can't be reached, it is tried again and again: the tasks have been done, and what is lost here would be
 * done anew, or be told to be lost.
 */
final class GroupCommit {

    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** While one waits for the disk, the other gathers what ends. */
    private static final int MAX_WRITERS = 2;

    private final Function<List<Outcome>, boolean[]> store;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as are the fields of entries. Empty unless there are as many writers as may be. */
    private List<Entry> waiting = new ArrayList<>();

    /** Guarded by the lock. */
    private int writers;

    /** @param store writes all or none, and tells for each whether its row was still this node's */
    GroupCommit(Function<List<Outcome>, boolean[]> store) {
        this.store = store;
    }

    private static final class Entry {
        final Outcome outcome;
        final Condition changed;

        /** Those that this one's thread is to write, itself among them. */
        @Nullable
        List<Entry> group;

        /** Its thread has been interrupted, and waits no more. */
        boolean gone;

        boolean done;
        boolean applied;

        @Nullable
        RuntimeException error;

        Entry(Outcome outcome, Condition changed) {
            this.outcome = outcome;
            this.changed = changed;
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
        Entry entry = new Entry(outcome, lock.newCondition());
        List<Entry> group = group(entry);
        if (group != null) {
            try {
                write(group);
            } finally {
                lock.lock();
                try {
                    giveBack(group, entry);
                } finally {
                    lock.unlock();
                }
            }
        }
        return answer(entry);
    }

    /** What this thread is to write; null once the entry has been written by another. */
    private @Nullable List<Entry> group(Entry entry) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (writers < MAX_WRITERS) {
                writers++;
                return List.of(entry);
            }
            waiting.add(entry);
            while (!entry.done && entry.group == null) {
                entry.changed.await();
            }
            return entry.group;
        } catch (InterruptedException e) {
            entry.gone = true;
            waiting.remove(entry);
            if (entry.group != null) {
                giveBack(entry.group, entry);
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Wakes those that are done. Where this one's thread was interrupted, one of the others tries for them all, if it still waits:
     * one that was interrupted while this wrote would never, and all of them would wait for it.
     */
    private void giveBack(List<Entry> group, Entry own) {
        for (Entry entry : group) {
            if (entry.done) {
                entry.changed.signal();
            } else if (entry != own && !entry.gone) {
                waiting.add(entry);
            }
        }
        if (waiting.isEmpty()) {
            writers--;
            return;
        }
        Entry next = waiting.get(0);
        next.group = waiting;
        waiting = new ArrayList<>();
        next.changed.signal();
    }

    private static boolean answer(Entry entry) {
        if (entry.error != null) {
            throw entry.error;
        }
        return entry.applied;
    }

    /** The others of the group look at their entries again when these are given back, under the lock. */
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
