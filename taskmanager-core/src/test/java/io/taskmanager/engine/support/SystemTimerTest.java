package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.engine.support.Timer.Cancellable;
import io.taskmanager.testkit.LeakedThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SystemTimerTest {

    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    @RegisterExtension
    final LeakedThreads leaked = new LeakedThreads();

    private final SystemTimer timer = new SystemTimer("timer");

    @AfterEach
    void close() {
        timer.close();
    }

    @Test
    void its_thread_is_there_once_it_is_started() {
        assertThat(leaked.leaked()).isEmpty();

        timer.start();
        timer.start();

        assertThat(leaked.leaked()).singleElement().satisfies(thread -> {
            assertThat(thread.getName()).isEqualTo("timer");
            assertThat(thread.isDaemon()).isTrue();
        });
    }

    @Test
    void a_delay_may_be_longer_than_a_long_of_nanoseconds() {
        CompletableFuture<Void> soon = new CompletableFuture<>();
        Cancellable after = timer.after(FOR_EVER, () -> soon.completeExceptionally(new AssertionError("after")));
        Cancellable every = timer.every(FOR_EVER, () -> soon.completeExceptionally(new AssertionError("every")));

        timer.after(Duration.ZERO, () -> soon.complete(null));

        soon.join();
        after.cancel();
        every.cancel();
    }
}
