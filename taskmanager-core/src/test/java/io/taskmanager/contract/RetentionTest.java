package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a task referred to is garbage once it is answered, though its worker has nothing else to do. */
class RetentionTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private WeakReference<Object> input = new WeakReference<>(null);
    private WeakReference<Object> result = new WeakReference<>(null);

    @EveryQueueForm
    void anIdleWorkerKeepsNeitherItsLastTaskNorItsResult(EntryPoint entry) {
        TaskManager<Resource, Object> manager = bed.manager(config -> config);
        runOne(entry, manager);

        assertCollected(input);
        assertCollected(result);
    }

    private void runOne(EntryPoint entry, TaskManager<Resource, Object> manager) {
        Object in = new Object();
        input = new WeakReference<>(in);
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        EntryPoint.QUEUE_TASK_ASYNC
                .<Resource, Object>call(manager, (context, resource) -> null)
                .await();
        if (entry.isCallback()) {
            entry.callWithCallback(manager, (context, resource) -> made(in), (value, error) -> answered.complete(true));
        } else {
            entry.<Resource, Object>call(manager, (context, resource) -> made(in))
                    .await();
            answered.complete(true);
        }
        answered.join();
    }

    private Object made(Object from) {
        Object out = new Object[] {from.hashCode()};
        result = new WeakReference<>(out);
        return out;
    }

    @Test
    void aFutureThatIsKeptKeepsNoTask() {
        TaskManager<Resource, Object> manager = bed.manager(config -> config);
        CompletableFuture<Object> kept = submit(manager);
        kept.join();

        assertCollected(input);
        assertThat(kept).isCompletedWithValue("result");
    }

    @Test
    void aPooledResourceKeepsNothingOfACallerThatHasWaitedForIt() {
        TaskManager<Resource, Object> manager =
                bed.manager(config -> config.lending(false).resourcePoolSize(1).maxTemporaryResources(0));
        Gate gate = bed.gate();
        var first = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);
        waitForOne(manager, gate);
        first.value();

        assertCollected(result);
    }

    private void waitForOne(TaskManager<Resource, Object> manager, Gate gate) {
        Background<Object> waiting = Background.start(() -> manager.runTask((context, resource) -> made("input")))
                .parked();
        gate.open();
        waiting.value();
    }

    private CompletableFuture<Object> submit(TaskManager<Resource, Object> manager) {
        Object in = new Object();
        input = new WeakReference<>(in);
        return manager.queueTaskAsync((context, resource) -> in.hashCode() == 0 ? "zero" : "result");
    }

    private static void assertCollected(WeakReference<?> reference) {
        Await.until("its collection", () -> {
            System.gc();
            return reference.get() == null;
        });
    }
}
