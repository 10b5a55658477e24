package io.taskmanager.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.engine.support.Timer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingLogger.Level;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When the scaler ticks, in the time of the test. */
class ScalerTest {

    private static final Duration TICK = Duration.ofMillis(100);

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final ManualTimer timer = new ManualTimer();
    private EngineParts<Resource> parts;

    /** A manager that is not started; one worker, four at most. */
    private TaskManager<Resource, Object> manager(Timer clock) {
        TaskManagerConfig<Resource> config = bed.config(settings -> settings.maxWorkerCount(4)
                .creationTimeout(Duration.ZERO)
                .destructionTimeout(Duration.ZERO)
                .resourcePoolSize(0)
                .burstInterval(TICK));
        parts = EngineParts.of(config, clock, false);
        return new DefaultTaskManager<>(config, parts, new Shutdown("test", config.stuckTaskGrace(), parts), null);
    }

    private void start() {
        parts.workers().start(1, 4);
        parts.scaler().start(TICK);
    }

    /** Who holds the queue's lock holds the worker between its creation and its first look at the queue. */
    @Test
    void goes_on_while_a_worker_that_has_its_resource_has_yet_to_come_to_the_queue() {
        try (var manager = manager(timer)) {
            Gate gate = bed.gate();
            parts.queue().between(() -> {
                start();
                Await.until("the resource", () -> parts.workers().counts().active() == 1);
                timer.advance(TICK); // and finds one worker, which is not busy
                submit(manager, gate, 20);
                return true;
            });
            gate.awaitArrivals(1);

            timer.advance(TICK);

            gate.awaitArrivals(4);
            gate.open();
        }
    }

    @Test
    void rests_again_after_a_resize_with_the_new_number_of_workers() {
        try (var manager = manager(timer)) {
            start();
            awaitRest();
            manager.control().resize(2, 3);
            assertThat(timer.pending()).isEqualTo(1);
            awaitRest();
            assertThat(manager.stats().activeWorkers()).isEqualTo(2);
            manager.control().resize(1, 4);
            assertThat(timer.pending()).isEqualTo(1);
            awaitRest();
            assertThat(manager.stats().activeWorkers()).isEqualTo(1);
            Gate gate = bed.gate();

            submit(manager, gate, 20);
            gate.awaitArrivals(1);
            timer.advance(TICK);

            gate.awaitArrivals(4);
            gate.open();
        }
    }

    /** A timer runs no more what has thrown. */
    @Test
    void goes_on_after_a_tick_that_failed() {
        AtomicBoolean fails = new AtomicBoolean();
        try (var manager = manager(new FailingClock(timer, fails))) {
            Gate gate = bed.gate();
            start();
            submit(manager, gate, 20);
            gate.awaitArrivals(1);
            fails.set(true);
            timer.advance(TICK);
            assertThat(fails).isFalse();
            assertThat(bed.logger().lines(Level.ERROR)).hasSize(1);

            timer.advance(TICK);

            gate.awaitArrivals(4);
            gate.open();
        }
    }

    /** Fails the next look at the clock when told to. */
    private record FailingClock(ManualTimer timer, AtomicBoolean fails) implements Timer {

        @Override
        public long nanos() {
            if (fails.compareAndSet(true, false)) {
                throw new InternalError("made up");
            }
            return timer.nanos();
        }

        @Override
        public Cancellable after(Duration delay, Runnable action) {
            return timer.after(delay, action);
        }

        @Override
        public Cancellable every(Duration delay, Runnable action) {
            return timer.every(delay, action);
        }

        @Override
        public void close() {
            timer.close();
        }
    }

    private void submit(TaskManager<Resource, Object> manager, Gate gate, int tasks) {
        for (int i = 0; i < tasks; i++) {
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                gate.pass();
                return null;
            });
        }
    }

    /** Ticks until no more are to come. */
    private void awaitRest() {
        Await.until("rest", () -> {
            timer.advance(TICK);
            return timer.pending() == 0;
        });
    }
}
