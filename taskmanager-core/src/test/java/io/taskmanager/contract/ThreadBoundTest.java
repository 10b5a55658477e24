package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.OverflowPolicy;
import io.taskmanager.TaskManager;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Thread-bound factories: only the thread that created a resource ever touches it. */
class ThreadBoundTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    /** Every resource and every thread that was given it. */
    private final Set<List<Object>> uses = ConcurrentHashMap.newKeySet();

    @EveryQueueForm
    void createsUsesReplacesAndDestroysOnOneWorker(EntryPoint entry) {
        var manager = manager(OverflowPolicy.BLOCK);
        for (int i = 0; i < 30; i++) {
            boolean fail = i % 10 == 0;
            bed.call(entry, manager, (context, resource) -> {
                        uses.add(List.of(resource, Thread.currentThread()));
                        if (fail && context.attempt() == 1) {
                            throw new IOException("unhealthy");
                        }
                        return null;
                    })
                    .await();
        }
        Await.until(
                "the end of each broken one", () -> bed.factory().destroyed().size() == 3);
        awaitBothWorkers(manager); // the last replacement too
        manager.stop();

        assertThat(bed.factory().created()).hasSizeGreaterThanOrEqualTo(5);
        assertTouchedByTheirCreatorOnly();
    }

    @EveryQueueForm
    void destroysOnTheWorkerWhenKilled(EntryPoint entry) {
        var manager = manager(OverflowPolicy.BLOCK);
        var gate = bed.gate();
        bed.call(entry, manager, (context, resource) -> {
            uses.add(List.of(resource, Thread.currentThread()));
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);

        manager.kill();

        Await.until("the resources' end", () -> bed.factory().alive().isEmpty());
        assertTouchedByTheirCreatorOnly();
    }

    @Test
    void createsAndDestroysOneForEachRunTaskOnTheCallersThread() {
        var manager = manager(OverflowPolicy.BLOCK);
        Await.until("both workers", () -> manager.stats().activeWorkers() == 2);
        for (int i = 0; i < 3; i++) {
            Answer<Resource> answer = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
                uses.add(List.of(resource, Thread.currentThread()));
                return resource;
            });
            assertThat(answer.value().creator()).isSameAs(answer.caller());
            assertThat(answer.value().destroyer()).isSameAs(answer.caller());
            assertThat(answer.value().uses()).isEqualTo(1);
        }

        assertThat(manager.stats().availableResources()).isZero();
        assertThat(bed.factory().created()).hasSize(5);
        assertTouchedByTheirCreatorOnly();
    }

    @Test
    void createsOneOnTheCallersThreadUnderCallerRuns() {
        var manager = manager(OverflowPolicy.CALLER_RUNS);
        bed.occupy(manager, 2);
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);

        Answer<Resource> answer = bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> resource);

        assertThat(answer.value().creator()).isSameAs(answer.caller());
        Await.until("its end", () -> answer.value().isDestroyed());
        assertThat(answer.value().destroyer()).isSameAs(answer.caller());
    }

    @EveryEntryPoint
    void neverGivesAResourceOfAnotherThread(EntryPoint entry) {
        var manager = manager(OverflowPolicy.BLOCK);

        assertThat(bed.call(entry, manager, (context, resource) -> resource.creator() == Thread.currentThread())
                        .value())
                .isTrue();
    }

    private TaskManager<Resource, Object> manager(OverflowPolicy policy) {
        bed.factory().bindToThreads();
        TaskManager<Resource, Object> manager = bed.manager(config ->
                config.workerCount(2).queueCapacity(1).overflowPolicy(policy).healthCheck(error -> false));
        awaitBothWorkers(manager);
        return manager;
    }

    private static void awaitBothWorkers(TaskManager<?, ?> manager) {
        Await.until("both workers", () -> manager.stats().activeWorkers() == 2);
    }

    private void assertTouchedByTheirCreatorOnly() {
        assertThat(uses)
                .isNotEmpty()
                .allSatisfy(use -> assertThat(use.get(1)).isSameAs(((Resource) use.get(0)).creator()));
        assertThat(bed.factory().destroyed())
                .allSatisfy(resource -> assertThat(resource.destroyer()).isSameAs(resource.creator()));
    }
}
