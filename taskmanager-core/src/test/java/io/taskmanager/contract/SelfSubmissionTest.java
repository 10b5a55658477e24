package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskOptions;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.EveryQueuedBlockingForm;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A task that hands a task to its own manager: refused where it could wait for itself, taken where it can't. */
class SelfSubmissionTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    @EveryEntryPoint
    void refusesABlockingForm(EntryPoint outer) {
        var manager = bed.manager(config -> config.name("photos"));

        bed.call(outer, manager, (context, resource) -> {
                    for (EntryPoint inner : EntryPoint.queuedBlocking().toList()) {
                        assertThatIllegalStateException()
                                .isThrownBy(() -> blocking(inner, manager))
                                .withMessageContaining("\"photos\"");
                    }
                    return null;
                })
                .value();

        assertThat(manager.metrics().totalTasksArrived()).isEqualTo(1);
    }

    private static void blocking(EntryPoint inner, TaskManager<Resource, Object> manager) throws InterruptedException {
        switch (inner) {
            case QUEUE_TASK -> manager.queueTask((context, resource) -> null);
            case QUEUE_TASK_WITH_PRIORITY -> manager.queueTaskWithPriority((context, resource) -> null);
            case QUEUE_TASK_ONCE -> manager.queueTaskOnce((context, resource) -> null);
            case QUEUE_TASK_WITH_PRIORITY_ONCE -> manager.queueTaskWithPriorityOnce((context, resource) -> null);
            case CALL, CALL_WITH_PRIORITY, CALL_ONCE, CALL_WITH_PRIORITY_ONCE ->
                manager.call((context, resource) -> null, optionsOf(inner));
            default -> throw new AssertionError(inner);
        }
    }

    private static TaskOptions optionsOf(EntryPoint entry) {
        TaskOptions.Builder options = TaskOptions.builder();
        if (entry.isPriority()) {
            options.priority();
        }
        return (entry.isOnce() ? options.once() : options).build();
    }

    @EveryEntryPoint
    void refusesABlockingFormFromATaskOfAnotherManagerThatItCalled(EntryPoint outer) {
        var manager = bed.manager(config -> config);
        var other = bed.manager(config -> config.name("other"));

        bed.call(
                        outer,
                        manager,
                        (context, resource) -> other.runTask((otherContext, otherResource) -> {
                            assertThatIllegalStateException()
                                    .isThrownBy(() -> manager.queueTask((c, r) -> null))
                                    .withMessageContaining("\"test\"");
                            return null;
                        }))
                .value();
    }

    @EveryNonBlockingForm
    void takesAFormThatDoesNotBlock(EntryPoint inner) {
        var manager = bed.manager(config -> config);

        var answer = bed.call(
                        EntryPoint.QUEUE_TASK_ASYNC,
                        manager,
                        (context, resource) -> bed.call(inner, manager, (context2, resource2) -> "inner"))
                .value();

        assertThat(answer.value()).isEqualTo("inner");
    }

    @EveryEntryPoint
    void takesRunTask(EntryPoint outer) {
        var manager = bed.manager(config -> config);

        assertThat(bed.call(outer, manager, (context, resource) -> manager.<String>runTask((c, r) -> "inner"))
                        .value())
                .isEqualTo("inner");
    }

    @EveryQueuedBlockingForm
    void takesATaskOfAnotherManager(EntryPoint inner) {
        var manager = bed.manager(config -> config);
        var other = bed.manager(config -> config.name("other"));

        assertThat(bed.call(
                                EntryPoint.QUEUE_TASK_ASYNC,
                                manager,
                                (context, resource) -> bed.callHere(inner, other, (context2, resource2) -> "inner")
                                        .value())
                        .value())
                .isEqualTo("inner");
    }

    @EveryEntryPoint
    void isNoMatterOnceTheTaskIsOver(EntryPoint outer) throws InterruptedException {
        var manager = bed.manager(config -> config);
        bed.callHere(outer, manager, (context, resource) -> null).value();

        assertThat(manager.<String>queueTask((context, resource) -> "after")).isEqualTo("after");
    }

    @Test
    void isStillFoundOutAfterANestedRunTask() {
        var manager = bed.manager(config -> config);

        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                    manager.runTask((c, r) -> null);
                    assertThatIllegalStateException().isThrownBy(() -> manager.queueTask((c, r) -> null));
                    return null;
                })
                .value();
    }

    @Test
    void isTheBusinessOfItsOwnThreadAlone() {
        var manager = bed.manager(config -> config.workerCount(2));

        assertThat(bed.call(
                                EntryPoint.QUEUE_TASK_ASYNC,
                                manager,
                                (context, resource) -> Background.start(
                                                () -> manager.<String>queueTask((c, r) -> "inner"))
                                        .value())
                        .value())
                .isEqualTo("inner");
    }
}
