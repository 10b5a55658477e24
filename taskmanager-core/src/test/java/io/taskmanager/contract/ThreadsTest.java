package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.TestBed;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The workers' threads: made by the factory of the config, else by one that names them after the manager. */
class ThreadsTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    @EveryNonBlockingForm
    void nameWorkersAfterTheManager(EntryPoint entry) {
        var manager = bed.manager(config -> config.name("photos").workerCount(2));

        Thread worker = bed.call(entry, manager, (context, resource) -> Thread.currentThread())
                .value();

        assertThat(worker.getName()).matches("photos-worker-\\d+");
        assertThat(worker.isDaemon()).isFalse();
    }

    @EveryNonBlockingForm
    void comeFromTheFactoryOfTheConfig(EntryPoint entry) {
        Set<Thread> made = ConcurrentHashMap.newKeySet();
        var manager = bed.manager(config -> config.workerCount(2).threadFactory(work -> {
            Thread thread = new Thread(work, "made by the test");
            made.add(thread);
            return thread;
        }));

        assertThat(made)
                .contains(bed.call(entry, manager, (context, resource) -> Thread.currentThread())
                        .value());
        Await.until("both workers", () -> manager.stats().activeWorkers() == 2);
        assertThat(made)
                .containsAll(bed.factory().created().stream()
                        .map(resource -> resource.creator())
                        .toList());
    }

    @Test
    void handNoInterruptOfOneTaskToTheNext() {
        var manager = bed.manager(config -> config);
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                    Thread.currentThread().interrupt();
                    return null;
                })
                .value();

        assertThat(bed.call(
                                EntryPoint.QUEUE_TASK_ASYNC,
                                manager,
                                (context, resource) -> Thread.currentThread().isInterrupted())
                        .value())
                .isFalse();
    }
}
