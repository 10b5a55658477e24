package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The priority burst limit: so many priority tasks in a row let one main task through, and no more than one. */
class PriorityBurstTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final List<String> order = new CopyOnWriteArrayList<>();

    /** A worker that is held by a task of the main lane, so that no priority task has been counted. */
    private Gate hold(TaskManager<Resource, Object> manager) {
        Gate gate = bed.gate();
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);
        return gate;
    }

    static Stream<Arguments> orders() {
        return Stream.of(
                Arguments.of(0, "p1 p2 p3 p4 p5 p6 p7 m1 m2 m3"),
                Arguments.of(1, "p1 m1 p2 m2 p3 m3 p4 p5 p6 p7"),
                Arguments.of(2, "p1 p2 m1 p3 p4 m2 p5 p6 m3 p7"),
                Arguments.of(3, "p1 p2 p3 m1 p4 p5 p6 m2 p7 m3"),
                Arguments.of(7, "p1 p2 p3 p4 p5 p6 p7 m1 m2 m3"),
                Arguments.of(Integer.MAX_VALUE, "p1 p2 p3 p4 p5 p6 p7 m1 m2 m3"));
    }

    @ParameterizedTest(name = "limit {0}: {1}")
    @MethodSource("orders")
    void letsOneMainTaskThroughAfterSoManyPriorityTasks(int limit, String expected) {
        var manager = bed.manager(config -> config.priorityBurstLimit(limit));
        Gate gate = hold(manager);
        queue(manager, "m1", "m2", "m3", "p1", "p2", "p3", "p4", "p5", "p6", "p7");

        gate.open();

        awaitOrder(expected);
    }

    static Stream<Arguments> mainAndPriorityForms() {
        return LaneOrderTest.mainAndPriorityForms();
    }

    @ParameterizedTest
    @MethodSource("mainAndPriorityForms")
    void countsTasksOfEveryForm(EntryPoint main, EntryPoint priority) {
        var manager = bed.manager(config -> config.priorityBurstLimit(2));
        Gate gate = hold(manager);
        queue(main, manager, "m1");
        for (String name : List.of("p1", "p2", "p3")) {
            queue(priority, manager, name);
        }

        gate.open();

        awaitOrder("p1 p2 m1 p3");
    }

    @Test
    void countsAnewAfterAMainTaskThatRanForWantOfPriorityTasks() {
        var manager = bed.manager(config -> config.priorityBurstLimit(3));
        Gate gate = hold(manager);
        queue(manager, "p1", "p2", "m1");
        gate.open();
        awaitOrder("p1 p2 m1");

        gate = hold(manager);
        queue(manager, "m2", "p3", "p4", "p5", "p6");
        gate.open();

        awaitOrder("p1 p2 m1 p3 p4 p5 m2 p6");
    }

    @Test
    void letsAMainTaskThroughThatComesLate() {
        var manager = bed.manager(config -> config.priorityBurstLimit(2));
        Gate first = hold(manager);
        queue(manager, "p1", "p2");
        Gate second = bed.gate();
        bed.call(EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC, manager, (context, resource) -> {
            order.add("p3");
            second.pass();
            return null;
        });
        first.open();
        second.awaitArrivals(1); // three in a row, since no main task was there
        queue(manager, "p4", "m1", "m2", "p5");
        second.open();

        awaitOrder("p1 p2 p3 m1 p4 p5 m2");
    }

    @Test
    void putsNothingBeforeARetry() {
        var manager = bed.manager(config -> config.priorityBurstLimit(1).healthCheck(error -> false));
        Gate gate = bed.gate();
        bed.call(EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC, manager, (context, resource) -> {
            order.add("r" + context.attempt());
            if (context.attempt() == 1) {
                gate.pass();
            }
            if (context.attempt() < 3) {
                throw new IOException("unhealthy");
            }
            return null;
        });
        gate.awaitArrivals(1);
        queue(manager, "m1", "p1", "p2");

        gate.open();

        awaitOrder("r1 r2 r3 m1 p1 p2"); // the main task was due, and yet waited for both retries
    }

    @Test
    void doesNotCountTasksThatWereCancelledInTheLane() {
        var manager = bed.manager(config -> config.priorityBurstLimit(2));
        Gate gate = hold(manager);
        queue(manager, "m1", "p1");
        var cancelled = bed.call(
                EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC, manager, (context, resource) -> order.add("cancelled"));
        queue(manager, "p2", "p3");
        cancelled.future().cancel(true);

        gate.open();

        awaitOrder("p1 p2 m1 p3");
    }

    private void queue(TaskManager<Resource, Object> manager, String... names) {
        for (String name : names) {
            queue(
                    name.startsWith("p") ? EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC : EntryPoint.QUEUE_TASK_ASYNC,
                    manager,
                    name);
        }
    }

    private void queue(EntryPoint entry, TaskManager<Resource, Object> manager, String name) {
        int before = depth(manager);
        bed.call(entry, manager, (context, resource) -> order.add(name));
        Await.until(name + " in its lane", () -> depth(manager) == before + 1);
    }

    private static int depth(TaskManager<?, ?> manager) {
        return manager.stats().queuedTasks() + manager.stats().priorityTasks();
    }

    private void awaitOrder(String expected) {
        List<String> names = Arrays.asList(expected.split(" "));
        Await.until("all of " + names, () -> order.size() == names.size());
        assertThat(order).containsExactlyElementsOf(names);
    }
}
