package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.TestBed;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code maxResources}: those of workers and of callers together. */
class ResourceLimitTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final Gate gate = bed.gate();

    @Test
    void callersHaveWhatTheWorkersLeave() {
        var manager = bed.manager(config ->
                config.workerCount(2).maxWorkerCount(2).maxResources(3).acquireTimeout(Duration.ZERO));
        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);

        Answer<Object> second = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null);

        TaskRejectedException refusal = second.error(TaskRejectedException.class);
        assertThat(refusal.reason()).isEqualTo(Reason.NO_RESOURCE);
        assertThat(refusal).hasMessageContaining("pooled=1 of 1").hasMessageContaining("temporary=0 of 0");
        assertThat(bed.factory().peakLiving()).isLessThanOrEqualTo(3);
    }

    @Test
    void theWorkersKeepTheirs() {
        var manager =
                bed.manager(config -> config.maxWorkerCount(1).maxResources(1).acquireTimeout(Duration.ZERO));

        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null).error(TaskRejectedException.class);

        assertThat(bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "done")
                        .value())
                .isEqualTo("done");
    }

    @Test
    void aResizeKeepsWithinIt() {
        var manager = bed.manager(config -> config.maxWorkerCount(2).maxResources(4));

        manager.control().resize(1, 2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.control().resize(1, 3))
                .withMessageContaining("maxResources is 4");
    }

    @Test
    void theSumIsLoggedAtTheStart() {
        bed.manager(config -> config.maxWorkerCount(3).resourcePoolSize(2).maxTemporaryResources(4));

        assertThat(bed.logger().lines())
                .anyMatch(line -> line.text().contains("at most 9 resources, 6 of them for runTask"));
    }

    @Test
    void aSynchronousManagerKeepsWithinIt() {
        var manager = bed.synchronousManager(
                config -> config.maxWorkerCount(1).maxResources(1).acquireTimeout(Duration.ZERO));

        Answer<Object> outer = bed.callHere(
                EntryPoint.QUEUE_TASK,
                manager,
                (context, resource) -> bed.callHere(EntryPoint.RUN_TASK, manager, (inner, another) -> null)
                        .error(TaskRejectedException.class)
                        .reason());

        assertThat(outer.value()).isEqualTo(Reason.NO_RESOURCE);
    }
}
