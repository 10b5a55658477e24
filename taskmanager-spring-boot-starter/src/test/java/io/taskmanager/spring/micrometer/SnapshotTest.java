package io.taskmanager.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SnapshotTest {

    private final AtomicInteger readings = new AtomicInteger();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10);
    private final Snapshot<Integer> snapshot =
            new Snapshot<>(readings::incrementAndGet, Duration.ofNanos(100), clock::get);

    @Test
    void readsOnceInItsLifetime() {
        assertThat(snapshot.get()).isEqualTo(1);
        clock.addAndGet(99);
        assertThat(snapshot.get()).isEqualTo(1);
    }

    @Test
    void readsAnewWhenItIsOldAlsoAcrossTheClocksOverflow() {
        assertThat(snapshot.get()).isEqualTo(1);
        clock.addAndGet(100);
        assertThat(snapshot.get()).isEqualTo(2);
    }
}
