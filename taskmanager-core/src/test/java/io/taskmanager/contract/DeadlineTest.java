package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingCollector;
import io.taskmanager.testkit.RecordingListener;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The deadline: the answer is due then, whether the task waits, runs, or waits for a retry. */
class DeadlineTest {

    /** Far enough off for the manual time to tell before from after, whatever the real time does meanwhile. */
    private static final Duration FAR = Duration.ofHours(10);

    private static final Duration ALMOST = Duration.ofHours(9);

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final Instant deadline = Instant.now().plus(FAR);
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final Gate gate = bed.gate();

    static Stream<Arguments> forms() {
        return Stream.of(
                form("main", TaskOptions.builder()),
                form("priority", TaskOptions.builder().priority()),
                form("main, once", TaskOptions.builder().once()),
                form("priority, once", TaskOptions.builder().priority().once()));
    }

    private static Arguments form(String name, TaskOptions.Builder options) {
        return Arguments.of(Named.of(name, options));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void endsAWait(TaskOptions.Builder options) {
        var manager = bed.timedManager(config -> config);
        Gate busy = bed.occupy(manager, 1);
        Answer<Object> answer =
                bed.submit(manager, options.deadline(deadline), (context, resource) -> notes.add("ran"));

        bed.timer().advance(ALMOST);
        assertThat(answer.isDone()).isFalse();
        bed.timer().advance(FAR);

        assertThat(answer.error(TaskTimeoutException.class))
                .message()
                .contains("task \"", "\"test\"", "deadline (" + deadline + ")");
        assertThat(manager.stats().queuedTasks() + manager.stats().priorityTasks())
                .isZero();
        busy.open();
        manager.stop();
        assertThat(notes).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void endsARun(TaskOptions.Builder options) {
        var manager = bed.timedManager(config -> config);
        Answer<Object> answer = bed.submit(manager, options.deadline(deadline), (context, resource) -> {
            try {
                gate.pass();
            } catch (InterruptedException e) {
                notes.add("interrupted, cancelled: " + context.isCancelled());
            }
            return null;
        });
        gate.awaitArrivals(1);

        bed.timer().advance(ALMOST);
        assertThat(answer.isDone()).isFalse();
        bed.timer().advance(FAR);

        assertThat(answer.error(TaskTimeoutException.class)).message().contains("deadline (" + deadline + ")");
        Await.untilAsserted(() -> assertThat(notes).containsExactly("interrupted, cancelled: true"));
    }

    @Test
    void runsOnFromTheQueueIntoTheRun() {
        var manager = bed.timedManager(config -> config);
        Gate busy = bed.occupy(manager, 1);
        Answer<Object> answer = submit(manager, TaskOptions.builder());
        bed.timer().advance(ALMOST);
        busy.open();
        gate.awaitArrivals(1);
        assertThat(answer.isDone()).isFalse();

        bed.timer().advance(ALMOST); // less than the deadline from the start of the run

        answer.error(TaskTimeoutException.class);
    }

    @Test
    void endsABackoff() {
        Duration pause = Duration.ofDays(1);
        var manager = bed.timedManager(
                config -> config.healthCheck(error -> false).retryBackoff(new Backoff(pause, 1, pause, 0)));
        Answer<Object> answer = bed.submit(manager, TaskOptions.builder().deadline(deadline), (context, resource) -> {
            notes.add("attempt");
            throw new IOException("unhealthy");
        });
        Await.until("the back-off", () -> manager.stats().retryingTasks() == 1);

        bed.timer().advance(ALMOST);
        assertThat(answer.isDone()).isFalse();
        bed.timer().advance(FAR);

        answer.error(TaskTimeoutException.class);
        assertThat(manager.stats().retryingTasks()).isZero();
        bed.timer().advance(pause);
        manager.stop();
        assertThat(notes).containsExactly("attempt");
    }

    @Test
    void runsOnThroughRetries() {
        Duration pause = Duration.ofHours(4);
        var manager = bed.timedManager(
                config -> config.healthCheck(error -> false).retryBackoff(new Backoff(pause, 1, pause, 0)));
        Answer<Object> answer = bed.submit(manager, TaskOptions.builder().deadline(deadline), (context, resource) -> {
            notes.add("attempt " + context.attempt());
            if (context.attempt() < 3) {
                throw new IOException("unhealthy");
            }
            gate.pass();
            return null;
        });
        for (int attempt = 1; attempt <= 2; attempt++) {
            Await.until("the back-off", () -> manager.stats().retryingTasks() == 1);
            bed.timer().advance(pause);
            int next = attempt + 1;
            Await.until("attempt " + next, () -> notes.contains("attempt " + next));
        }
        gate.awaitArrivals(1);
        assertThat(answer.isDone()).isFalse();

        bed.timer().advance(pause);

        answer.error(TaskTimeoutException.class);
        assertThat(notes).containsExactly("attempt 1", "attempt 2", "attempt 3");
    }

    @Test
    void comesAfterAnEarlierRunTimeout() {
        var manager = bed.timedManager(config -> config.taskTimeout(Duration.ofHours(1)));
        Answer<Object> answer = submit(manager, TaskOptions.builder());
        gate.awaitArrivals(1);

        bed.timer().advance(Duration.ofHours(1));

        assertThat(answer.error(TaskTimeoutException.class)).message().contains("timeout (PT1H)");
    }

    @Test
    void comesBeforeALaterRunTimeout() {
        var manager = bed.timedManager(config -> config.taskTimeout(Duration.ofHours(20)));
        Answer<Object> answer = submit(manager, TaskOptions.builder());
        gate.awaitArrivals(1);

        bed.timer().advance(FAR);

        assertThat(answer.error(TaskTimeoutException.class)).message().contains("deadline");
    }

    @Test
    void comesAfterAnEarlierQueueTimeoutAndBeforeALaterOne() {
        var manager = bed.timedManager(config -> config.queueTimeout(Duration.ofHours(1)));
        bed.occupy(manager, 1);
        Answer<Object> early = submit(manager, TaskOptions.builder());
        Answer<Object> late = submit(manager, TaskOptions.builder().queueTimeout(Duration.ofHours(20)));

        bed.timer().advance(Duration.ofHours(1));
        assertThat(early.error(TaskTimeoutException.class)).message().contains("queueTimeout (PT1H)");
        assertThat(late.isDone()).isFalse();
        bed.timer().advance(FAR);

        assertThat(late.error(TaskTimeoutException.class)).message().contains("deadline");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void rejectsATaskThatIsSubmittedPastIt(TaskOptions.Builder options) {
        var collector = new RecordingCollector();
        var listener = new RecordingListener();
        var manager = bed.timedManager(config -> config.collector(collector).listener(listener));
        Instant past = Instant.now().minusSeconds(1);
        Answer<Object> answer = bed.submit(manager, options.deadline(past), (context, resource) -> notes.add("ran"));

        TaskRejectedException rejection = answer.error(TaskRejectedException.class);
        assertThat(rejection.reason()).isEqualTo(TaskRejectedException.Reason.DEADLINE);
        assertThat(rejection).message().contains(past.toString(), "\"test\"");
        manager.stop();
        assertThat(notes).isEmpty();
        assertThat(collector.rejections()).isEqualTo(1);
        assertThat(collector.arrivals()).isZero();
        assertThat(collector.terminals()).isZero();
        assertThat(listener.finished()).isEmpty();
    }

    static Stream<Instant> pastForLong() {
        return Stream.of(Instant.EPOCH, Instant.parse("1066-10-14T00:00:00Z"), Instant.MIN);
    }

    @ParameterizedTest
    @MethodSource("pastForLong")
    void rejectsATaskHoweverLongPastItIs(Instant past) {
        var manager = bed.manager(config -> config);

        assertThat(submit(manager, TaskOptions.builder(), past)
                        .error(TaskRejectedException.class)
                        .reason())
                .isEqualTo(TaskRejectedException.Reason.DEADLINE);
    }

    @Test
    void mayBeAsFarOffAsCanBe() {
        var manager = bed.manager(config -> config);
        gate.open();

        assertThat(submit(manager, TaskOptions.builder(), Instant.MAX).value()).isEqualTo("returned");
    }

    @Test
    void isToldToTheTask() {
        var manager = bed.manager(config -> config);

        Answer<Optional<Instant>> told = bed.submit(
                manager, TaskOptions.builder().deadline(deadline), (context, resource) -> context.deadline());

        assertThat(told.value()).contains(deadline);
    }

    @Test
    void isToldToARetriedTaskToo() {
        var manager = bed.manager(config -> config.healthCheck(error -> false));

        Answer<Optional<Instant>> told =
                bed.submit(manager, TaskOptions.builder().deadline(deadline), (context, resource) -> {
                    if (context.attempt() == 1) {
                        throw new IOException("unhealthy");
                    }
                    return context.deadline();
                });

        assertThat(told.value()).contains(deadline);
    }

    @Test
    void isNoMatterForATaskThatEndsInTime() {
        var manager = bed.timedManager(config -> config);
        gate.open();

        assertThat(submit(manager, TaskOptions.builder()).value()).isEqualTo("returned");
        bed.timer().advance(FAR);

        assertThat(manager.metrics().totalTasksCompleted()).isEqualTo(1);
        assertThat(manager.metrics().totalTasksTimedOut()).isZero();
    }

    @Test
    void isCountedOnce() {
        var collector = new RecordingCollector();
        var listener = new RecordingListener();
        var manager = bed.timedManager(config -> config.collector(collector).listener(listener));
        Answer<Object> answer = submit(manager, TaskOptions.builder());
        gate.awaitArrivals(1);

        bed.timer().advance(FAR);
        answer.error(TaskTimeoutException.class);
        manager.stop();

        assertThat(collector.timeouts()).hasSize(1);
        assertThat(collector.terminals()).isEqualTo(1);
        assertThat(listener.finished()).hasSize(1);
        assertThat(listener.finished().get(0).outcome()).isEqualTo(TaskOutcome.TIMED_OUT);
    }

    private Answer<Object> submit(TaskManager<Resource, Object> manager, TaskOptions.Builder options) {
        return submit(manager, options, deadline);
    }

    private Answer<Object> submit(TaskManager<Resource, Object> manager, TaskOptions.Builder options, Instant due) {
        return bed.submit(manager, options.deadline(due), (context, resource) -> {
            gate.pass();
            return "returned";
        });
    }
}
