package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class SurelyTest {

    @Test
    void a_lock_is_had_though_there_was_no_memory_to_wait_for_it() {
        AtomicInteger refusals = new AtomicInteger(2);
        ReentrantLock lock = new ReentrantLock() {
            private static final long serialVersionUID = 1L;

            @Override
            public void lock() {
                if (refusals.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("for a node of the lock's queue");
                }
                super.lock();
            }
        };

        Surely.lock(lock);

        assertThat(lock.isHeldByCurrentThread()).isTrue();
        assertThat(refusals).hasValue(-1);
    }
}
