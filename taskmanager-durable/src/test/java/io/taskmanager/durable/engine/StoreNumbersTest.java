package io.taskmanager.durable.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.engine.StoreNumbers.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** In a time that the test moves. */
class StoreNumbersTest {

    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger readings = new AtomicInteger();
    private volatile Supplier<Reading> source = this::next;

    @Test
    void readsTheDatabaseOnceInFiveSecondsHoweverOftenItIsAsked() {
        StoreNumbers numbers = numbers(LONG);

        for (int i = 0; i < 100; i++) {
            assertThat(read(numbers)).isEqualTo(1);
        }
        pass(Duration.ofMillis(4999));
        assertThat(read(numbers)).isEqualTo(1);
        pass(Duration.ofMillis(1));
        assertThat(read(numbers)).isEqualTo(2);
    }

    @Test
    void keepsWhatTakesLongForTenTimesAsLong() {
        source = () -> {
            pass(Duration.ofSeconds(3));
            return next();
        };
        StoreNumbers numbers = numbers(LONG);
        assertThat(read(numbers)).isEqualTo(1);

        // From when it was asked for: 3 s are gone.
        pass(Duration.ofMillis(26_999));
        assertThat(read(numbers)).isEqualTo(1);
        pass(Duration.ofMillis(1));
        assertThat(read(numbers)).isEqualTo(2);
    }

    @Test
    void showsTheLastNumbersWhileTheDatabaseGivesNoOthersButForAMinuteOnly() {
        StoreNumbers numbers = numbers(LONG);
        assertThat(read(numbers)).isEqualTo(1);
        source = () -> {
            readings.incrementAndGet();
            throw new IllegalStateException("no database");
        };

        pass(Duration.ofSeconds(5));
        assertThat(read(numbers)).isEqualTo(1);
        assertThat(readings).hasValue(2);
        pass(Duration.ofSeconds(59));
        assertThat(read(numbers)).isEqualTo(1);
        pass(Duration.ofSeconds(1));
        assertThat(numbers.latest()).isEmpty();

        source = this::next;
        pass(Duration.ofSeconds(5));
        assertThat(read(numbers)).isEqualTo(readings.get());
    }

    @Test
    void doesNotWaitForADatabaseThatDoesNotAnswerAndAsksOnlyOneQuestion() {
        CountDownLatch gate = new CountDownLatch(1);
        source = () -> {
            await().until(() -> gate.getCount() == 0);
            return next();
        };
        StoreNumbers numbers = numbers(AT_ONCE);

        assertThat(numbers.latest()).isEmpty();
        pass(Duration.ofSeconds(5));
        assertThat(numbers.latest()).isEmpty();
        gate.countDown();

        await().until(() -> numbers.latest().isPresent());
        assertThat(read(numbers)).isEqualTo(1);
        assertThat(readings).hasValue(1);
    }

    /** Its connection may be dead for ever. */
    @Test
    void givesUpACallThatDoesNotComeBack() {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch gate = new CountDownLatch(1);
        SharedCall<Integer> call = new SharedCall<>(
                "shared-call",
                () -> {
                    int number = calls.incrementAndGet();
                    if (number == 1) {
                        await().until(() -> gate.getCount() == 0);
                    }
                    return number;
                },
                Duration.ofMinutes(1),
                nanos::get);
        var first = call.ask();
        await().until(() -> calls.get() == 1);

        pass(Duration.ofMillis(59_999));
        assertThat(call.ask()).isSameAs(first);
        pass(Duration.ofMillis(1));
        assertThat(call.ask().join()).isEqualTo(2);
        gate.countDown();
        assertThat(first.join()).isEqualTo(1);
    }

    @Test
    void addsTypesUp() {
        Reading reading = new Reading(
                Instant.EPOCH.plusSeconds(5),
                Map.of(
                        "a", Map.of(DurableTaskState.QUEUED, 2L, DurableTaskState.LOST, 1L),
                        "b", Map.of(DurableTaskState.QUEUED, 3L)),
                Instant.EPOCH,
                List.of());

        assertThat(reading.count(DurableTaskState.QUEUED)).isEqualTo(5);
        assertThat(reading.count("b", DurableTaskState.LOST)).isZero();
        assertThat(reading.count("c", DurableTaskState.QUEUED)).isZero();
        assertThat(reading.oldest()).isEqualTo(Duration.ofSeconds(5));
    }

    private StoreNumbers numbers(Duration patience) {
        return new StoreNumbers(() -> source.get(), patience, nanos::get);
    }

    private Reading next() {
        return new Reading(Instant.ofEpochSecond(readings.incrementAndGet()), Map.of(), null, List.of());
    }

    /** The number of the reading that is shown. */
    private static long read(StoreNumbers numbers) {
        return numbers.latest().orElseThrow().asOf().getEpochSecond();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
