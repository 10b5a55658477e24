package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceFactory;
import io.taskmanager.ResourceFactory.Resetter;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerConfig.Builder;
import io.taskmanager.WorkerInfo.State;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingLogger.Level;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ResourceFactory#reset}: after each task, and before the next. */
class ResetTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final Gate gate = bed.gate();

    @EveryEntryPoint
    void aResourceIsResetBetweenTwoTasks(EntryPoint entry) {
        var manager = bed.manager(config -> resetting(resource -> steps.add("reset")));

        bed.call(entry, manager, (context, resource) -> steps.add("first")).value();
        bed.call(entry, manager, (context, resource) -> steps.add("second")).value();

        Await.untilAsserted(() -> assertThat(steps).containsExactly("first", "reset", "second", "reset"));
    }

    @EveryEntryPoint
    void aResourceThatCanNotBeResetIsReplacedAndItsTaskKeepsItsAnswer(EntryPoint entry) {
        var manager = bed.manager(config -> resetting(resource -> {
            throw new IOException("can't roll back");
        }));

        assertThat(bed.call(entry, manager, (context, resource) -> "done").value())
                .isEqualTo("done");

        Await.until("the end of the resource", () -> !bed.factory().destroyed().isEmpty());
        assertThat(bed.logger().lines())
                .anyMatch(line -> line.level() == Level.WARN && line.text().contains("resetting a resource threw"));
    }

    @Test
    void aBrokenResourceIsNotReset() {
        var manager = bed.manager(config -> resetting(resource -> steps.add("reset"))
                .healthCheck(error -> false)
                .maxRetries(0));

        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                    throw new IOException("broken");
                })
                .error();

        Await.until("a replacement", () -> bed.factory().created().size() == 2);
        assertThat(steps).isEmpty();
    }

    @Test
    void anAnsweredTaskWaitsForNoReset() {
        var manager = bed.manager(config -> resetting(resource -> gate.pass()));

        bed.call(EntryPoint.QUEUE_TASK_ONCE_ASYNC, manager, (context, resource) -> null)
                .value();
        gate.awaitArrivals(1);

        assertThat(manager.stats().busyWorkers()).isZero();
        assertThat(manager.control().workers())
                .singleElement()
                .satisfies(worker -> assertThat(worker.state()).isEqualTo(State.RESETTING));
    }

    @Test
    void aResetThatHangsIsInterruptedAndAbandoned() {
        var manager = bed.timedManager(config -> resetting(resource -> gate.passIgnoringInterrupts()));
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null)
                .value();
        gate.awaitArrivals(1);

        bed.timer().advance(Duration.ofSeconds(5 + 10));

        assertThat(bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> resource.id())
                        .value())
                .isEqualTo(2);
    }

    @Test
    void aResetOfACallerThatHangsGivesItsPlaceUp() {
        var manager = bed.timedManager(
                config -> resetting(resource -> gate.passIgnoringInterrupts()).maxTemporaryResources(0));
        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null);
        gate.awaitArrivals(1);
        bed.timer().advance(Duration.ofSeconds(5 + 10));

        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null);

        gate.awaitArrivals(2); // its task has run
    }

    @Test
    void aFactoryWithoutIsNotAsked() throws Exception {
        TaskManager<Resource, Object> manager = bed.manager(config -> config);

        manager.queueTask((context, resource) -> null);

        // The answer comes before the worker is idle.
        Await.untilAsserted(() -> assertThat(manager.control().workers())
                .singleElement()
                .satisfies(worker -> assertThat(worker.state()).isEqualTo(State.IDLE)));
    }

    private Builder<Resource> resetting(Resetter<Resource> reset) {
        return TaskManagerConfig.builder(ResourceFactory.<Resource>builder(bed.factory()::create)
                        .destroy(bed.factory()::destroy)
                        .validate(bed.factory()::validate)
                        .reset(reset)
                        .build())
                .name("test")
                .workerCount(1)
                .burstInterval(Duration.ZERO)
                .retryBackoff(Backoff.none())
                .logger(bed.logger());
    }
}
