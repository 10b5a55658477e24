package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.TaskManager;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lanes: retry before priority before main, strictly, in order of submission within each, whatever the form. */
class LaneOrderTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final List<String> order = new CopyOnWriteArrayList<>();

    static Stream<Arguments> mainAndPriorityForms() {
        return EntryPoint.queued()
                .filter(main -> !main.isPriority())
                .flatMap(main -> EntryPoint.queued()
                        .filter(EntryPoint::isPriority)
                        .map(priority -> Arguments.of(main, priority)));
    }

    @ParameterizedTest
    @MethodSource("mainAndPriorityForms")
    void runsPriorityBeforeMain(EntryPoint main, EntryPoint priority) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        queue(main, manager, "main 1");
        queue(priority, manager, "priority 1");
        queue(main, manager, "main 2");
        queue(priority, manager, "priority 2");

        gate.open();

        Await.until("all four", () -> order.size() == 4);
        assertThat(order).containsExactly("priority 1", "priority 2", "main 1", "main 2");
    }

    @EveryQueueForm
    void runsEachLaneInOrderOfSubmission(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        List<String> names = IntStream.range(0, 40).mapToObj(i -> "task " + i).toList();
        names.forEach(name -> queue(entry, manager, name));

        gate.open();

        Await.until("all tasks", () -> order.size() == names.size());
        assertThat(order).containsExactlyElementsOf(names);
    }

    @ParameterizedTest
    @MethodSource("mainAndPriorityForms")
    void keepsTheOrderOfALaneAcrossForms(EntryPoint main, EntryPoint priority) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        EntryPoint otherMain = EntryPoint.QUEUE_TASK_ASYNC;
        EntryPoint otherPriority = EntryPoint.QUEUE_TASK_WITH_PRIORITY;
        queue(main, manager, "main 1");
        queue(otherMain, manager, "main 2");
        queue(main, manager, "main 3");
        queue(priority, manager, "priority 1");
        queue(otherPriority, manager, "priority 2");
        queue(priority, manager, "priority 3");

        gate.open();

        Await.until("all six", () -> order.size() == 6);
        assertThat(order).containsExactly("priority 1", "priority 2", "priority 3", "main 1", "main 2", "main 3");
    }

    @EveryRetriedForm
    void runsARetryBeforePriorityAndMain(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false));
        Gate gate = bed.gate();
        bed.call(entry, manager, (context, resource) -> {
            order.add("attempt " + context.attempt());
            if (context.attempt() == 1) {
                gate.pass();
                throw new IOException("unhealthy");
            }
            return null;
        });
        gate.awaitArrivals(1);
        queue(EntryPoint.QUEUE_TASK_ASYNC, manager, "main");
        queue(EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC, manager, "priority");

        gate.open();

        Await.until("all four", () -> order.size() == 4);
        assertThat(order).containsExactly("attempt 1", "attempt 2", "priority", "main");
    }

    @EveryRetriedForm
    void runsRetriesInTheOrderInWhichTheyFellDue(EntryPoint entry) {
        Duration pause = Duration.ofSeconds(5);
        var manager = bed.timedManager(config -> config.healthCheck(error -> false)
                .creationBackoff(Backoff.none())
                .retryBackoff(new Backoff(pause, 1, pause, 0)));
        for (int i = 1; i <= 5; i++) {
            String name = "task " + i;
            bed.call(entry, manager, (context, resource) -> {
                if (context.attempt() == 1) {
                    throw new IOException("unhealthy");
                }
                return order.add(name);
            });
            int inBackoff = i;
            Await.until(name + " in its back-off", () -> manager.stats().retryingTasks() == inBackoff);
            bed.timer().advance(Duration.ofMillis(1));
        }
        Gate gate = bed.occupy(manager, 1);
        bed.timer().advance(pause);
        assertThat(order).isEmpty();
        gate.open();
        Await.until("all five", () -> order.size() == 5);
        assertThat(order).containsExactly("task 1", "task 2", "task 3", "task 4", "task 5");
    }

    @EveryQueueForm
    void showsTheDepthOfItsLaneAndOfNoOther(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        IntStream.range(0, 3).forEach(i -> queue(entry, manager, "task " + i));

        assertThat(manager.stats().priorityTasks()).isEqualTo(entry.isPriority() ? 3 : 0);
        assertThat(manager.stats().queuedTasks()).isEqualTo(entry.isPriority() ? 0 : 3);
        assertThat(manager.stats().busyWorkers()).isEqualTo(1);

        gate.open();
        Await.until("empty lanes", () -> depth(manager) == 0);
    }

    /** Queues a task that notes its name when it runs, and returns once it is in its lane. */
    private void queue(EntryPoint entry, TaskManager<Resource, Object> manager, String name) {
        int before = depth(manager);
        bed.call(entry, manager, (context, resource) -> order.add(name));
        Await.until(name + " in its lane", () -> depth(manager) == before + 1);
    }

    private static int depth(TaskManager<Resource, Object> manager) {
        var stats = manager.stats();
        return stats.queuedTasks() + stats.priorityTasks();
    }
}
