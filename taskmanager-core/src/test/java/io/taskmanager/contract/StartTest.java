package io.taskmanager.contract;

import static io.taskmanager.testkit.ScriptedFactory.block;
import static io.taskmanager.testkit.ScriptedFactory.fail;
import static io.taskmanager.testkit.ScriptedFactory.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerState;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Managers that are begun together, and waited for together. */
class StartTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    @Test
    void severalManagersCreateTheirFirstResourcesAtTheSameTime() {
        CountDownLatch allCreate = new CountDownLatch(3);
        bed.factory().otherwise(factory -> {
            allCreate.countDown();
            allCreate.await();
            return succeed().create(factory);
        });

        List<TaskManager<Resource, Object>> managers = List.of(begun("a"), begun("b"), begun("c"));
        TaskManagers.awaitStart(managers);

        Await.until(
                "their other workers",
                () -> managers.stream().allMatch(manager -> manager.stats().activeWorkers() == 2));
    }

    @Test
    void aManagerTakesTasksBeforeItsFirstResourceIsThere() {
        Gate gate = bed.gate();
        bed.factory().next(block(gate, succeed()));
        TaskManager<Resource, Object> manager = begun("a");

        CompletableFuture<String> answer = manager.queueTaskAsync((context, resource) -> "done");
        gate.awaitArrivals(1);
        assertThat(answer).isNotDone();
        assertThat(bed.factory().calls()).isEqualTo(1); // its other workers wait
        gate.open();

        assertThat(answer.join()).isEqualTo("done");
        TaskManagers.awaitStart(List.of(manager));
        Await.until("the other worker", () -> manager.stats().activeWorkers() == 2);
    }

    /** Though another one hangs. */
    @Test
    void asSoonAsOneFailsAllAreKilled() {
        Gate gate = bed.gate();
        bed.factory().next(block(gate, succeed()));
        TaskManager<Resource, Object> hanging = begun("hanging");
        gate.awaitArrivals(1);
        IOException down = new IOException("down");
        bed.factory().next(fail(down));
        TaskManager<Resource, Object> broken = begun("broken");

        assertThatThrownBy(() -> TaskManagers.awaitStart(List.of(hanging, broken)))
                .isInstanceOf(ResourceCreationException.class)
                .hasMessageContaining("manager \"broken\" did not start")
                .hasMessageContaining("down")
                .hasCause(down);
        assertThat(hanging.state()).isEqualTo(TaskManagerState.TERMINATED);
        assertThat(broken.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    enum End {
        STOP(TaskManager::stop),
        KILL(TaskManager::kill),
        CLOSE(TaskManager::close);

        private final Consumer<TaskManager<?, ?>> call;

        End(Consumer<TaskManager<?, ?>> call) {
            this.call = call;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitsForAManagerThatIsStoppedMeanwhileIsToldSo(End end) {
        Gate gate = bed.gate();
        bed.factory().next(block(gate, succeed()));
        TaskManager<Resource, Object> manager = begun("a");
        gate.awaitArrivals(1);
        FutureTask<@Nullable Void> start = starting(manager);
        FutureTask<@Nullable Void> ending = task(() -> end.call.accept(manager));

        assertThatThrownBy(start::get)
                .cause()
                .isInstanceOf(ResourceCreationException.class)
                .hasMessageContaining("stopped");
        gate.open();
        assertThat(ending).succeedsWithin(Await.BOUND);
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    @Test
    void aManagerThatWasStoppedBeforeIsNotStarted() {
        TaskManager<Resource, Object> manager = begun("a");
        manager.stop();

        assertThatThrownBy(() -> TaskManagers.awaitStart(List.of(manager)))
                .isInstanceOf(ResourceCreationException.class)
                .hasMessageContaining("stopped");
    }

    @Test
    void anInterruptOfWhoWaitsKillsThem() throws Exception {
        Gate gate = bed.gate();
        bed.factory().next(block(gate, succeed()));
        TaskManager<Resource, Object> manager = begun("a");
        gate.awaitArrivals(1);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> TaskManagers.awaitStart(List.of(manager)))
                .isInstanceOf(ResourceCreationException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    @Test
    void everyoneWhoWaitsIsToldTheSame() throws Exception {
        Gate gate = bed.gate();
        bed.factory().next(block(gate, fail(new IOException("down"))));
        TaskManager<Resource, Object> manager = begun("a");
        List<FutureTask<@Nullable Void>> all = List.of(starting(manager), starting(manager), starting(manager));
        gate.open();

        assertThat(all)
                .allSatisfy(one -> assertThatThrownBy(one::get)
                        .cause()
                        .isInstanceOf(ResourceCreationException.class)
                        .hasMessageContaining("manager \"a\" did not start"));
        assertThatThrownBy(() -> TaskManagers.awaitStart(List.of(manager)))
                .isInstanceOf(ResourceCreationException.class)
                .hasMessageContaining("manager \"a\" did not start");
    }

    /** Its factory, here. */
    @Test
    void whoIsPartOfTheStartDoesNotWaitForIt() {
        CompletableFuture<TaskManager<Resource, Object>> itself = new CompletableFuture<>();
        bed.factory().next(factory -> {
            TaskManagers.awaitStart(List.of(itself.join()));
            return succeed().create(factory);
        });
        TaskManager<Resource, Object> manager = begun("a");
        itself.complete(manager);

        TaskManagers.awaitStart(List.of(manager));

        Await.until("its workers", () -> manager.stats().activeWorkers() == 2);
    }

    @Test
    void thoseThatWaitForNothingAreLeftAlone() {
        TaskManager<Resource, Object> begun = begun("a");
        TaskManagers.awaitStart(List.of(begun));
        begun.control().resize(1, 1);

        TaskManagers.awaitStart(List.of(
                begun,
                bed.begunManager(config -> config.startupPolicy(StartupPolicy.LENIENT)),
                bed.manager(config -> config),
                bed.synchronousManager(config -> config)));

        assertThat(begun.stats().baseWorkers()).isEqualTo(1);
    }

    private TaskManager<Resource, Object> begun(String name) {
        return bed.begunManager(config -> config.name(name).workerCount(2));
    }

    private static FutureTask<@Nullable Void> starting(TaskManager<?, ?> manager) {
        return task(() -> TaskManagers.awaitStart(List.of(manager)));
    }

    private static FutureTask<@Nullable Void> task(Runnable call) {
        FutureTask<@Nullable Void> task = new FutureTask<>(call, null);
        new Thread(task).start();
        return task;
    }
}
