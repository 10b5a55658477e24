package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class WaitersTest {

    private static final long LONG = TimeUnit.HOURS.toNanos(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Waiters waiters = new Waiters(lock);
    private final List<Integer> woken = new CopyOnWriteArrayList<>();

    @Test
    void the_first_to_come_is_woken_first_and_has_the_lock_again() {
        List<Background<Boolean>> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            threads.add(waiting(() -> {
                long left = waiters.await(LONG);
                woken.add(number);
                return left > 0 && lock.isHeldByCurrentThread();
            }));
        }

        locked(waiters::wakeOne);
        assertThat(threads.get(0).value()).isTrue();
        assertThat(woken).containsExactly(0);

        locked(waiters::wakeAll);
        assertThat(threads).allSatisfy(thread -> assertThat(thread.value()).isTrue());
        assertThat(woken).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void one_whose_time_is_over_is_not_among_them() {
        Background<Boolean> first = waiting(() -> waiters.await(LONG) > 0);
        Background<Boolean> second = Background.start(() -> locked(() -> waiters.await(1) <= 0));
        assertThat(second.value()).isTrue();

        locked(waiters::wakeOne);

        assertThat(first.value()).isTrue();
        locked(waiters::wakeAll); // of none
    }

    @Test
    void an_interrupt_ends_the_wait_of_one_that_was_not_woken() {
        Background<Boolean> interrupted = waiting(() -> {
            try {
                waiters.await(LONG);
                return false;
            } catch (InterruptedException e) {
                return lock.isHeldByCurrentThread() && !Thread.currentThread().isInterrupted();
            }
        });
        Background<Boolean> other = waiting(() -> waiters.await(LONG) > 0);

        interrupted.thread().interrupt();
        assertThat(interrupted.value()).isTrue();

        locked(waiters::wakeOne);
        assertThat(other.value()).isTrue();
    }

    @Test
    void one_that_was_woken_and_interrupted_keeps_the_interrupt_and_loses_no_wake_up() {
        Background<Boolean> both = waiting(() -> waiters.await(LONG) > 0 && Thread.interrupted());

        locked(() -> {
            waiters.wakeOne();
            both.thread().interrupt();
        });

        assertThat(both.value()).isTrue();
    }

    /** A thread that waits when this returns. */
    private Background<Boolean> waiting(Callable<Boolean> wait) {
        Background<Boolean> thread = Background.start(() -> locked(wait));
        Await.waitForThreadState(thread.thread(), Thread.State.TIMED_WAITING);
        return thread;
    }

    private <T> T locked(Callable<T> action) throws Exception {
        lock.lock();
        try {
            return action.call();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
