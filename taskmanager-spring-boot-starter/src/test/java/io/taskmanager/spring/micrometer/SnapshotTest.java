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

    @Test
    void keepsTheLastValueWhenItsSourceThrows() {
        Snapshot<Integer> failingLater = new Snapshot<>(
                () -> {
                    if (readings.incrementAndGet() > 1) {
                        throw new IllegalStateException("destroyed");
                    }
                    return 7;
                },
                Duration.ofNanos(100),
                clock::get);

        assertThat(failingLater.get()).isEqualTo(7);
        clock.addAndGet(100);
        assertThat(failingLater.get()).isEqualTo(7);
        assertThat(readings).hasValue(2);
    }

    @Test
    void asksASourceThatThrowsOnceInItsLifetime() {
        Snapshot<Integer> failing = new Snapshot<>(
                () -> {
                    readings.incrementAndGet();
                    throw new IllegalStateException("can't be created");
                },
                Duration.ofNanos(100),
                clock::get);

        assertThat(failing.get()).isNull();
        assertThat(failing.get()).isNull();
        assertThat(readings).hasValue(1);
    }
}
