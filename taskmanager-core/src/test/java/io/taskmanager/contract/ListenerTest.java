package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryAsyncForm;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingListener;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Exactly one answer, as the listener sees it: one event for each accepted task, before its answer is handed out. */
class ListenerTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final RecordingListener listener = new RecordingListener();

    @EveryEntryPoint
    void isNotToldOfTasksIfItSaysSo(EntryPoint entry) {
        var told = new AtomicReference<TaskFinished>();
        var manager = bed.manager(config -> config.listener(new TaskManagerListener() {
            @Override
            public void taskFinished(TaskFinished event) {
                told.set(event);
            }

            @Override
            public boolean listensToFinishedTasks() {
                return false;
            }
        }));

        bed.call(entry, manager, (context, resource) -> null).value();

        assertThat(told).hasNullValue();
    }

    @EveryEntryPoint
    void hearsOfACompletionBeforeTheAnswer(EntryPoint entry) {
        var name = new AtomicReference<String>();
        bed.call(entry, manager(), (context, resource) -> {
                    name.set(context.taskName());
                    return null;
                })
                .value();

        TaskFinished event = onlyEvent();
        assertThat(event.managerName()).isEqualTo("listened");
        assertThat(event.taskName()).isEqualTo(name.get());
        assertThat(event.lane()).isEqualTo(entry.lane());
        assertThat(event.outcome()).isEqualTo(TaskOutcome.COMPLETED);
        assertThat(event.attempts()).isEqualTo(1);
        assertThat(event.stamps().waitTime().isNegative()).isFalse();
        assertThat(event.stamps().executionTime().isNegative()).isFalse();
    }

    @EveryEntryPoint
    void hearsOfAFailure(EntryPoint entry) {
        bed.call(entry, bed.manager(config -> config.listener(listener)), (context, resource) -> {
                    throw new IOException();
                })
                .error();

        assertThat(onlyEvent().outcome()).isEqualTo(TaskOutcome.FAILED);
        assertThat(onlyEvent().lane()).isEqualTo(entry.lane());
        assertThat(onlyEvent().attempts()).isEqualTo(1);
    }

    @EveryRetriedForm
    void hearsOfARetriedTaskOnce(EntryPoint entry) {
        bed.call(entry, manager(), (context, resource) -> {
                    throw new IOException();
                })
                .error();

        assertThat(onlyEvent().outcome()).isEqualTo(TaskOutcome.FAILED);
        assertThat(onlyEvent().lane()).isEqualTo(entry.lane());
        assertThat(onlyEvent().attempts()).isEqualTo(4);
    }

    @EveryAsyncForm
    void hearsOfACancellationBeforeTheFirstAttempt(EntryPoint entry) {
        var manager = manager();
        bed.occupy(manager, 1);
        Answer<Object> queued = bed.call(entry, manager, (context, resource) -> null);

        queued.future().cancel(false);

        TaskFinished event = onlyEvent();
        assertThat(event.outcome()).isEqualTo(TaskOutcome.CANCELLED);
        assertThat(event.lane()).isEqualTo(entry.lane());
        assertThat(event.attempts()).isZero();
        assertThat(event.stamps().startedNanos()).isEqualTo(event.stamps().finishedNanos());
        assertThat(event.stamps().queuedNanos())
                .isLessThanOrEqualTo(event.stamps().finishedNanos());
    }

    @EveryEntryPoint
    void hearsOfAKillOnceForEachRunningTask(EntryPoint entry) {
        var manager = manager();
        Gate gate = bed.gate();
        bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);

        manager.kill();

        assertThat(onlyEvent().outcome()).isEqualTo(TaskOutcome.CANCELLED);
        assertThat(onlyEvent().attempts()).isEqualTo(1);
    }

    @EveryQueueForm
    void hearsOfAKillOnceForEachQueuedTask(EntryPoint entry) {
        var manager = manager();
        bed.occupy(manager, 1);
        for (int i = 0; i < 5; i++) {
            bed.call(entry, manager, (context, resource) -> null);
        }
        Await.until(
                "five tasks in their lane",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == 5);

        manager.kill();

        assertThat(listener.finished())
                .hasSize(6)
                .allSatisfy(event -> assertThat(event.outcome()).isEqualTo(TaskOutcome.CANCELLED));
        assertThat(listener.finished().stream().map(TaskFinished::taskName)).doesNotHaveDuplicates();
    }

    @EveryEntryPoint
    void hearsOfARejectionAndOfNoEnd(EntryPoint entry) {
        var manager = manager();
        manager.stop();

        bed.call(entry, manager, (context, resource) -> null).error();

        assertThat(listener.rejected())
                .containsExactly(new TaskRejected("listened", entry.lane(), Reason.SHUTTING_DOWN));
        assertThat(listener.finished()).isEmpty();
    }

    @EveryNonBlockingForm
    void hearsWhyATaskWasRejected(EntryPoint entry) {
        var manager = bed.manager(config ->
                config.name("listened").listener(listener).queueCapacity(1).priorityQueueCapacity(1));
        Gate gate = bed.occupy(manager, 1);
        bed.call(entry, manager, (context, resource) -> null);

        bed.call(entry, manager, (context, resource) -> null).error();

        assertThat(listener.rejected()).containsExactly(new TaskRejected("listened", entry.lane(), Reason.QUEUE_FULL));
        gate.open();
    }

    @Test
    void hearsThatNoResourceWasHad() {
        bed.factory().next(ScriptedFactory.succeed(), ScriptedFactory.fail(new IOException("no connection")));
        bed.call(EntryPoint.RUN_TASK, manager(), (context, resource) -> null).error(ResourceCreationException.class);

        assertThat(listener.rejected())
                .containsExactly(new TaskRejected("listened", TaskLane.DIRECT, Reason.NO_RESOURCE));
    }

    // -- why a resource was destroyed ------------------------------------------------------------------------------

    @EveryEntryPoint
    void hearsThatAResourceBroke(EntryPoint entry) {
        var manager = bed.manager(
                config -> config.listener(listener).healthCheck(error -> false).maxRetries(0));
        bed.call(entry, manager, (context, resource) -> {
                    throw new IOException();
                })
                .error();

        Await.untilAsserted(() -> assertThat(listener.destructions()).containsExactly(Cause.BROKEN));
    }

    @EveryEntryPoint
    void hearsThatAResourceWasOld(EntryPoint entry) {
        var manager = bed.manager(config -> config.listener(listener).resourceMaxUses(1));
        bed.call(entry, manager, (context, resource) -> null).value();

        Await.untilAsserted(() -> assertThat(listener.destructions()).containsExactly(Cause.OLD));
    }

    @Test
    void hearsThatAnIdleResourceWasUnfit() {
        bed.factory().fitness(resource -> resource.id() > 1);
        var manager =
                bed.timedManager(config -> config.listener(listener).resourceIdleValidation(Duration.ofMinutes(1)));
        bed.awaitIdleWorkers(manager, 1);
        bed.timer().advance(Duration.ofMinutes(2));
        bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null).value();

        Await.untilAsserted(() -> assertThat(listener.destructions()).containsExactly(Cause.BROKEN));
    }

    @Test
    void hearsThatAResourceWasSurplus() {
        var manager =
                bed.manager(config -> config.listener(listener).workerCount(2).resourcePoolSize(0));
        Await.until("both workers", () -> manager.stats().activeWorkers() == 2);
        manager.control().resize(1, 1);
        Await.untilAsserted(() -> assertThat(listener.destructions()).containsExactly(Cause.SURPLUS));

        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null).value();

        assertThat(listener.destructions()).containsExactly(Cause.SURPLUS, Cause.SURPLUS);
    }

    @Test
    void hearsThatAResourceEndedWithTheManager() {
        var manager = bed.manager(config -> config.listener(listener).resourcePoolSize(1));
        manager.stop();

        assertThat(listener.destructions()).containsExactly(Cause.SHUTDOWN, Cause.SHUTDOWN);
    }

    @Test
    void hearsTheNameOfTheOptions() {
        manager()
                .submit(
                        TestBed.watched((context, resource) -> null),
                        TaskOptions.builder().name("thumbnail").build())
                .join();

        assertThat(onlyEvent().taskName()).isEqualTo("thumbnail");
    }

    @Test
    void hearsTheTagsOfTheOptions() {
        bed.submit(
                        manager(),
                        TaskOptions.builder().tag("tenant", "a").tag("kind", "thumbnail"),
                        (context, resource) -> null)
                .value();

        assertThat(onlyEvent().tags()).isEqualTo(Map.of("tenant", "a", "kind", "thumbnail"));
    }

    @Test
    void hearsTheTagsOfATaskThatNeverRan() {
        var manager = manager();
        bed.occupy(manager, 1);
        var queued = bed.submit(manager, TaskOptions.builder().tag("tenant", "a"), (context, resource) -> null);

        queued.future().cancel(true);

        assertThat(onlyEvent().tags()).isEqualTo(Map.of("tenant", "a"));
    }

    @EveryEntryPoint
    void hearsNoTagsWhereThereAreNone(EntryPoint entry) {
        bed.call(entry, manager(), (context, resource) -> null).value();

        assertThat(onlyEvent().tags()).isEmpty();
    }

    private TaskFinished onlyEvent() {
        assertThat(listener.finished()).hasSize(1);
        return listener.finished().get(0);
    }

    private TaskManager<Resource, Object> manager() {
        return bed.manager(config -> config.name("listened").listener(listener).healthCheck(error -> false));
    }
}
