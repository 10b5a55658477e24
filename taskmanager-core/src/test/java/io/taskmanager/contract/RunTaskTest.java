package io.taskmanager.contract;

import static io.taskmanager.testkit.ScriptedFactory.block;
import static io.taskmanager.testkit.ScriptedFactory.fail;
import static io.taskmanager.testkit.ScriptedFactory.returnNull;
import static io.taskmanager.testkit.ScriptedFactory.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.Deep;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** runTask: on the caller's thread, past the queue, on a pooled resource, a temporary one, or the first to come back. */
class RunTaskTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    @Test
    void runsOnTheCallersThread() {
        var manager = manager(config -> config);

        Answer<Thread> answer = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> Thread.currentThread());

        assertThat(answer.value()).isSameAs(answer.caller());
    }

    @Test
    void runsThoughEveryWorkerIsBusyAndTheLanesAreFull() {
        var manager = manager(config -> config.queueCapacity(1).priorityQueueCapacity(1));
        bed.occupy(manager, 1);
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);
        bed.call(EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC, manager, (context, resource) -> null);

        assertThat(bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> "ran")
                        .value())
                .isEqualTo("ran");
    }

    @Test
    void fillsAPoolOfExplicitSizeAtTheStart() {
        var manager = manager(config -> config.workerCount(2).resourcePoolSize(3));

        Await.until("a full pool", () -> manager.stats().availableResources() == 3);
        Await.until("both workers", () -> manager.stats().activeWorkers() == 2);
        assertThat(bed.factory().created()).hasSize(5);
        run(manager, null).value();
        assertThat(bed.factory().created()).hasSize(5);
    }

    @Test
    void takesAPooledResourceAgain() {
        var manager = manager(config -> config.resourcePoolSize(1));

        Resource first = used(manager);

        assertThat(used(manager)).isSameAs(first);
        assertThat(manager.stats().availableResources()).isEqualTo(1);
        assertThat(manager.stats().temporaryResources()).isZero();
    }

    @Test
    void growsAnUnsetPoolOnDemandUpToTheWorkerCount() {
        var manager = manager(config -> config.workerCount(2).maxWorkerCount(4));
        Await.until("both workers", () -> manager.stats().activeWorkers() == 2);
        assertThat(manager.stats().availableResources()).isZero();
        assertThat(bed.factory().created()).hasSize(2);

        used(manager);
        assertThat(manager.stats().availableResources()).isEqualTo(1);
        used(manager);
        assertThat(bed.factory().created()).hasSize(3);

        Gate gate = hold(manager, 4);
        assertThat(manager.stats().temporaryResources()).isEqualTo(2);
        assertThat(manager.stats().availableResources()).isZero();
        gate.open();
        Await.untilAsserted(() -> {
            assertThat(manager.stats().temporaryResources()).isZero();
            assertThat(manager.stats().availableResources()).isEqualTo(2);
            assertThat(bed.factory().alive()).hasSize(4);
        });
    }

    @Test
    void destroysATemporaryResourceAfterItsTask() {
        var manager = manager(config -> config.resourcePoolSize(0));

        Resource temporary = used(manager);

        Await.until("its end", () -> temporary.destructions() == 1);
        assertThat(used(manager)).isNotSameAs(temporary);
        assertThat(manager.stats().availableResources()).isZero();
    }

    @Test
    void givesUpWhenNoResourceComesFreeInTime() {
        var manager = manager(config -> config.name("photos")
                .resourcePoolSize(1)
                .maxTemporaryResources(1)
                .acquireTimeout(Duration.ofMillis(20)));
        hold(manager, 2);
        assertThat(manager.stats().temporaryResources()).isEqualTo(1);

        TaskRejectedException error = run(manager, null).error(TaskRejectedException.class);

        assertThat(error.reason()).isEqualTo(TaskRejectedException.Reason.NO_RESOURCE);
        assertThat(error).message().contains("photos");
        assertThat(bed.factory().peakLiving()).isEqualTo(3);
        assertThat(manager.metrics().totalTasksRejected()).isEqualTo(1);
    }

    @Test
    void doesNotWaitWithAnAcquireTimeoutOfZero() {
        var manager = manager(
                config -> config.resourcePoolSize(1).maxTemporaryResources(0).acquireTimeout(Duration.ZERO));
        assertThat(run(manager, "first").value()).isEqualTo("first");
        hold(manager, 1);

        assertThat(run(manager, null).error(TaskRejectedException.class).reason())
                .isEqualTo(TaskRejectedException.Reason.NO_RESOURCE);
    }

    @Test
    void waitsForTheFirstPooledResourceThatComesBack() {
        var manager = manager(config -> config.resourcePoolSize(1).maxTemporaryResources(0));
        Gate gate = hold(manager, 1);
        List<Answer<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Answer<String> answer = run(manager, "waited");
            Await.waitUntilParked(answer.caller());
            waiting.add(answer);
        }

        gate.open();

        assertThat(waiting).allSatisfy(answer -> assertThat(answer.value()).isEqualTo("waited"));
        assertThat(bed.factory().created()).hasSize(2);
    }

    @Test
    void waitsForRoomForATemporaryResource() {
        var manager = manager(config -> config.resourcePoolSize(0).maxTemporaryResources(1));
        Gate gate = hold(manager, 1);
        Answer<String> answer = run(manager, "waited");
        Await.waitUntilParked(answer.caller());

        gate.open();

        assertThat(answer.value()).isEqualTo("waited");
    }

    @Test
    void getsAResourceThoughTheOneThatItWaitedForBreaks() {
        var manager = manager(
                config -> config.resourcePoolSize(1).maxTemporaryResources(0).healthCheck(error -> false));
        Await.until("a full pool", () -> manager.stats().availableResources() == 1);
        Gate gate = bed.gate();
        Answer<Object> breaking = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
            gate.pass();
            throw new IOException("unhealthy");
        });
        gate.awaitArrivals(1);
        Answer<String> waiting = run(manager, "waited");
        Await.waitUntilParked(waiting.caller());

        gate.open();

        breaking.error(TaskExecutionException.class);
        assertThat(waiting.value()).isEqualTo("waited");
    }

    @Test
    void neverReturnsABrokenResourceToThePool() {
        var manager = manager(config -> config.resourcePoolSize(1).healthCheck(error -> false));
        Await.until("a full pool", () -> manager.stats().availableResources() == 1);
        List<Resource> used = new ArrayList<>();

        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
                    used.add(resource);
                    throw new IOException("unhealthy");
                })
                .error(TaskExecutionException.class);

        Await.until("its end", () -> used.get(0).destructions() == 1);
        for (int i = 0; i < 3; i++) {
            assertThat(used(manager)).isNotSameAs(used.get(0));
        }
    }

    @Test
    void returnsAResourceToThePoolAfterAHealthyError() {
        var manager = manager(config -> config.resourcePoolSize(1).maxTemporaryResources(0));
        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
                    throw new IOException("healthy");
                })
                .error(TaskExecutionException.class);

        assertThat(manager.stats().availableResources()).isEqualTo(1);
        run(manager, null).value();
        assertThat(bed.factory().created()).hasSize(2);
    }

    @Test
    void throwsWhenItsResourceCannotBeCreated() {
        var manager = manager(config -> config.resourcePoolSize(0).maxTemporaryResources(1));
        var cause = new IOException("down");
        bed.factory().next(fail(cause), returnNull(), fail(new LinkageError("down")));

        assertThat(run(manager, null).error(ResourceCreationException.class))
                .cause()
                .isSameAs(cause);
        assertThat(run(manager, null).error(ResourceCreationException.class)).hasNoCause();
        assertThat(run(manager, null).error(ResourceCreationException.class))
                .cause()
                .isExactlyInstanceOf(LinkageError.class);

        assertThat(run(manager, "recovered").value()).isEqualTo("recovered");
        assertThat(manager.stats().temporaryResources()).isZero();
    }

    @Test
    void leavesRoomInAnUnsetPoolAfterAFailedCreation() {
        var manager = manager(config -> config.maxTemporaryResources(0));
        bed.factory().next(fail(new IOException("down")));
        run(manager, null).error(ResourceCreationException.class);

        assertThat(run(manager, "recovered").value()).isEqualTo("recovered");
        assertThat(manager.stats().availableResources()).isEqualTo(1);
    }

    @Test
    void neverHasMoreTemporaryResourcesThanAllowedWhileTheyAreCreated() {
        var manager = manager(
                config -> config.resourcePoolSize(0).maxTemporaryResources(2).acquireTimeout(Duration.ofMillis(20)));
        Gate gate = bed.gate();
        bed.factory().otherwise(block(gate, succeed()));
        Answer<Object> first = run(manager, null);
        Answer<Object> second = run(manager, null);
        gate.awaitArrivals(2);

        run(manager, null).error(TaskRejectedException.class);

        gate.open();
        first.value();
        second.value();
        assertThat(bed.factory().peakLiving()).isEqualTo(3);
    }

    @Test
    void letsAnInterruptedCallerGoThatWaitsForAResource() {
        var manager = manager(config -> config.resourcePoolSize(1).maxTemporaryResources(0));
        Gate gate = hold(manager, 1);
        Answer<Object> answer = run(manager, null);
        Await.waitUntilParked(answer.caller());

        answer.caller().interrupt();

        answer.error(InterruptedException.class);
        gate.open();
        assertThat(run(manager, "next").value()).isEqualTo("next");
    }

    @Test
    void refusesCallersThatWaitForAResourceWhenTheManagerIsKilled() {
        var manager = manager(config -> config.resourcePoolSize(1).maxTemporaryResources(0));
        hold(manager, 1);
        Answer<Object> answer = run(manager, null);
        Await.waitUntilParked(answer.caller());

        manager.kill();

        assertThat(answer.error(TaskRejectedException.class).reason())
                .isEqualTo(TaskRejectedException.Reason.SHUTTING_DOWN);
    }

    @Test
    void servesCallersInTurnAndLetsNoNewcomerOvertake() {
        var manager = manager(config -> config.resourcePoolSize(1).maxTemporaryResources(0));
        Gate gate = bed.gate();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        Background<Object> greedy = Background.start(() -> {
            manager.runTask((context, resource) -> {
                gate.pass();
                return null;
            });
            return manager.runTask((context, resource) -> order.add(-1));
        });
        gate.awaitArrivals(1);
        List<Answer<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            Answer<Boolean> answer = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> order.add(number));
            Await.waitUntilParked(answer.caller());
            waiting.add(answer);
        }

        gate.open();

        waiting.forEach(Answer::value);
        greedy.value();
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1);
    }

    @Test
    void returnsFromARecycleThoughADestructionHangsAndServesMeanwhile() {
        var manager = manager(config -> config.resourcePoolSize(2).maxTemporaryResources(0));
        Await.until("a full pool", () -> manager.stats().availableResources() == 2);
        Gate gate = bed.gate();
        bed.factory().onDestroy(resource -> gate.pass());

        Background.start(() -> {
                    manager.control().recycle();
                    return null;
                })
                .value();

        assertThat(manager.control().events()).anyMatch(event -> event.type() == TaskManagerEvent.Type.RECYCLED);
        assertThat(run(manager, "served").value()).isEqualTo("served");
    }

    @Test
    void fillsThePoolAgainAfterARecycle() {
        var manager = manager(config -> config.workerCount(1).resourcePoolSize(3));
        Await.until("a full pool", () -> manager.stats().availableResources() == 3);
        List<Resource> old = List.copyOf(bed.factory().created());
        Gate gate = hold(manager, 1);

        manager.control().recycle();
        gate.open();

        Await.untilAsserted(() -> {
            assertThat(bed.factory().destroyed()).containsAll(old);
            assertThat(manager.stats().availableResources()).isEqualTo(3);
        });
        assertThat(bed.factory().alive()).hasSize(4);
    }

    /** The caller gets its StackOverflowError at each depth at which the engine can run out of stack. */
    @Test
    void losesNothingToCallersThatRunOutOfStack() throws Exception {
        var manager = manager(config -> config.resourcePoolSize(1).maxTemporaryResources(0));
        used(manager);

        Deep.callAtEachDepth(() -> callOf(manager));

        assertThat(run(manager, "whole").value()).isEqualTo("whole");
        assertThat(manager.stats().availableResources()).isEqualTo(1);
        assertThat(manager.stop().abandoned()).isZero();
    }

    private static void callOf(TaskManager<Resource, Object> manager) {
        try {
            manager.runTask((context, resource) -> null);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (TaskExecutionException e) {
            throw e.getCause() instanceof StackOverflowError overflow ? overflow : new AssertionError(e);
        }
    }

    @Test
    void runsInsideATaskOfTheSameManager() {
        var manager = manager(config -> config);

        assertThat(bed.call(
                                EntryPoint.QUEUE_TASK,
                                manager,
                                (context, resource) ->
                                        manager.runTask(TestBed.watched((inner, other) -> other != resource)))
                        .value())
                .isEqualTo(true);
    }

    /** A manager whose workers have their resources, so that what is created from here on is runTask's. */
    private TaskManager<Resource, Object> manager(UnaryOperator<TaskManagerConfig.Builder<Resource>> settings) {
        TaskManager<Resource, Object> manager = bed.manager(settings);
        Await.until(
                "the workers",
                () -> manager.stats().activeWorkers() == manager.stats().baseWorkers());
        return manager;
    }

    private <T> Answer<T> run(TaskManager<Resource, Object> manager, T value) {
        return bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> value);
    }

    private Resource used(TaskManager<Resource, Object> manager) {
        return bed.callHere(EntryPoint.RUN_TASK, manager, (context, resource) -> resource)
                .value();
    }

    /** Holds so many resources in tasks of runTask until the gate is opened. */
    private Gate hold(TaskManager<Resource, Object> manager, int count) {
        Gate gate = bed.gate();
        for (int i = 0; i < count; i++) {
            bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
                gate.pass();
                return null;
            });
        }
        gate.awaitArrivals(count);
        return gate;
    }
}
