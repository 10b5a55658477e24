package io.taskmanager.contract;

import static io.taskmanager.testkit.ScriptedFactory.block;
import static io.taskmanager.testkit.ScriptedFactory.fail;
import static io.taskmanager.testkit.ScriptedFactory.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.ShutdownReport;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.UnrecoverableResourceException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingLogger.Level;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory.Step;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Around the task: a factory that hangs, in whatever it was asked for, holds up its own thread and nobody else. */
class ResourceTimeoutTest {

    private static final Duration BACKOFF = Duration.ofMillis(200);

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final Gate gate = bed.gate();

    @Test
    void oneCreationThatHangsStopsNoOther() {
        bed.factory().next(ignoringInterrupts(), fail(new IOException("once")));
        var manager = bed.timedManager(config -> config.workerCount(2).startupPolicy(StartupPolicy.LENIENT));
        Answer<String> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "done");
        Await.until(
                "the failure of the other",
                () -> manager.control().events().stream().anyMatch(event -> event.type() == Type.CREATION_FAILED));

        bed.timer().advance(BACKOFF);

        assertThat(answer.value()).isEqualTo("done");
        assertThat(gate.arrivals()).isEqualTo(1);
        assertThat(manager.control().isOutage()).isFalse();
    }

    @Test
    void aFailFastStartFailsWhenTheFirstCreationTakesTooLong() {
        bed.factory().next(block(gate, succeed()));
        Background<Object> start = Background.start(() -> bed.timedManager(config -> config));
        gate.awaitArrivals(1);

        bed.timer().advance(Duration.ofSeconds(30));

        assertThatExceptionOfType(ResourceCreationException.class)
                .isThrownBy(start::value)
                .withMessageContaining("creationTimeout (PT30S)");
    }

    @Test
    void aFailFastStartFailsWhenItsPoolCannotBeFilledSinceACreationHangs() {
        bed.factory().next(succeed(), ignoringInterrupts());
        Background<Object> start = Background.start(() -> bed.timedManager(config -> config.resourcePoolSize(1)));
        gate.awaitArrivals(1);

        bed.timer().advance(Duration.ofSeconds(30 + 10));

        assertThatExceptionOfType(ResourceCreationException.class)
                .isThrownBy(start::value)
                .withMessageContaining("a creation hangs");
    }

    @Test
    void anotherCallerHasThePlaceOfOneWhoseCreationIsAbandoned() {
        bed.factory().next(succeed(), ignoringInterrupts());
        var manager = bed.timedManager(config -> config.maxTemporaryResources(0));
        Answer<Object> hanging = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null);
        gate.awaitArrivals(1);
        Background<String> next = Background.start(() -> manager.runTask((context, resource) -> "ran"))
                .parked();

        bed.timer().advance(Duration.ofSeconds(30 + 10));

        assertThat(next.value()).isEqualTo("ran");
        gate.open();
        hanging.error(ResourceCreationException.class);
        Await.untilAsserted(() -> assertThat(bed.factory().alive()).hasSize(2));
    }

    @Test
    void anotherCallerHasThePlaceOfAResourceWhoseValidationIsAbandoned() {
        var manager = bed.timedManager(
                config -> config.maxTemporaryResources(0).resourceIdleValidation(Duration.ofSeconds(1)));
        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null).value();
        bed.timer().advance(Duration.ofSeconds(2));
        bed.factory().fitness(resource -> gate.passIgnoringInterrupts() >= 0);
        Answer<String> hanging = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> "ran at last");
        gate.awaitArrivals(1);
        Background<String> next = Background.start(() -> manager.runTask((context, resource) -> "ran"))
                .parked();

        bed.timer().advance(Duration.ofSeconds(5 + 10));

        assertThat(next.value()).isEqualTo("ran");
        gate.open();
        assertThat(hanging.value()).isEqualTo("ran at last");
        assertThat(manager.stats().availableResources()).isEqualTo(1);
    }

    @Test
    void nobodyElseHasAResourceWhoseValidationAfterItsTaskIsAbandoned() {
        Gate running = bed.gate();
        bed.factory().fitness(resource -> gate.passIgnoringInterrupts() >= 0);
        var manager = bed.timedManager(config -> config.maxTemporaryResources(0).taskTimeout(Duration.ofSeconds(1)));
        AtomicReference<Resource> hung = new AtomicReference<>();
        Answer<Object> timedOut = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
            hung.set(resource);
            running.pass();
            return null;
        });
        running.awaitArrivals(1);
        bed.timer().advance(Duration.ofSeconds(1));
        gate.awaitArrivals(1);
        Background<Resource> next = Background.start(() -> manager.runTask((context, resource) -> resource))
                .parked();

        bed.timer().advance(Duration.ofSeconds(5 + 10));

        assertThat(next.value()).isNotEqualTo(hung.get());
        gate.open();
        timedOut.error();
        Await.untilAsserted(() -> assertThat(bed.factory().alive()).hasSize(2).doesNotContain(hung.get()));
    }

    @Test
    void anotherCallerHasThePlaceOfAResourceWhoseDestructionIsAbandoned() {
        bed.factory().onDestroy(resource -> gate.passIgnoringInterrupts());
        var manager = bed.timedManager(config -> config.maxTemporaryResources(0).healthCheck(error -> false));
        Answer<Object> hanging = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
            throw new IOException("unhealthy");
        });
        gate.awaitArrivals(1);
        Background<String> next = Background.start(() -> manager.runTask((context, resource) -> "ran"))
                .parked();

        bed.timer().advance(Duration.ofSeconds(10 + 10));

        assertThat(next.value()).isEqualTo("ran");
        gate.open();
        hanging.error();
    }

    @Test
    void aKillAnswersCallersThatCreate() {
        bed.factory().next(succeed(), block(gate, succeed()));
        var manager = bed.manager(config -> config);
        Answer<Object> answer = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null);
        gate.awaitArrivals(1);

        manager.kill();

        assertThat(answer.error(TaskRejectedException.class).reason()).isEqualTo(Reason.SHUTTING_DOWN);
        assertThat(manager.control().events()).noneMatch(event -> event.type() == Type.CREATION_FAILED);
    }

    @Test
    void aKillInterruptsADestruction() {
        bed.factory().onDestroy(resource -> gate.pass());
        var manager = bed.manager(
                config -> config.maxWorkerCount(1).healthCheck(error -> false).maxRetries(0));
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            throw new IOException("unhealthy");
        });
        gate.awaitArrivals(1);

        manager.kill();

        Await.until("the end", () -> bed.threads().isEmpty());
        assertThat(gate.isOpen()).isFalse();
    }

    @Test
    void whatACallerCreatesAfterAKillHasAbandonedItIsDestroyed() {
        bed.factory().next(succeed(), ignoringInterrupts());
        var manager = bed.timedManager(config -> config);
        Answer<Object> late = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> "ran");

        endsWhileItHangs(manager);

        assertThat(late.error(TaskRejectedException.class).reason()).isEqualTo(Reason.SHUTTING_DOWN);
        Await.untilAsserted(() -> assertThat(bed.factory().alive()).isEmpty());
    }

    @Test
    void whatAWorkerCreatesAfterAKillHasAbandonedItIsDestroyed() {
        bed.factory().next(ignoringInterrupts());
        var manager = bed.timedManager(config -> config.startupPolicy(StartupPolicy.LENIENT));

        endsWhileItHangs(manager);

        Await.untilAsserted(() -> assertThat(bed.factory().alive()).isEmpty());
    }

    @Test
    void whatFillsThePoolAfterAKillHasAbandonedItIsDestroyed() {
        bed.factory().next(succeed(), ignoringInterrupts());
        var manager = bed.timedManager(
                config -> config.startupPolicy(StartupPolicy.LENIENT).resourcePoolSize(1));

        endsWhileItHangs(manager);

        Await.untilAsserted(() -> assertThat(bed.factory().alive()).isEmpty());
    }

    @Test
    void aResourceThatIsFoundFitAfterAKillHasAbandonedThatIsDestroyed() {
        var manager = bed.timedManager(config -> config.resourceIdleValidation(Duration.ofSeconds(1)));
        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null).value();
        bed.timer().advance(Duration.ofSeconds(2));
        bed.factory().fitness(resource -> gate.passIgnoringInterrupts() >= 0);
        Answer<String> late = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> "ran");

        endsWhileItHangs(manager);

        late.error();
        Await.untilAsserted(() -> assertThat(bed.factory().alive()).isEmpty());
    }

    /** Kills it while the factory hangs, and lets that go on when it was abandoned. */
    private void endsWhileItHangs(TaskManager<?, ?> manager) {
        gate.awaitArrivals(1);
        Background<ShutdownReport> kill = Background.start(manager::kill).parked();
        bed.timer().advance(Duration.ofSeconds(10));
        kill.value();
        gate.open();
    }

    /** The kill is held up by its listener until the destructions that it has brought are under way. */
    @Test
    void aKillLeavesTheDestructionsAloneThatItBrings() {
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean goesOn = new AtomicBoolean();
        bed.factory().onDestroy(resource -> interrupted.compareAndSet(false, gate.passIgnoringInterrupts() > 0));
        var manager = bed.manager(config -> config.listener(new TaskManagerListener() {
            @Override
            public void event(TaskManagerEvent event) {
                if (event.detail().equals("KILLED")) {
                    gate.awaitArrivals(2);
                    goesOn.set(true);
                }
            }
        }));
        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null).value();
        Background<Object> kill = Background.start(manager::kill);

        Await.until("the kill", goesOn::get);
        kill.parked();
        gate.open();

        kill.value();
        assertThat(interrupted).isFalse();
    }

    @Test
    void aCallerThatIsInterruptedWhileItCreatesIsNoOutage() {
        bed.factory().next(succeed(), block(gate, succeed()));
        var manager = bed.manager(config -> config);
        Background<Object> caller = Background.start(() -> manager.runTask((context, resource) -> null));
        gate.awaitArrivals(1);

        caller.thread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(caller::value);
        assertThat(manager.control().isOutage()).isFalse();
        assertThat(manager.control().events()).noneMatch(event -> event.type() == Type.CREATION_FAILED);
    }

    /** On the caller's thread, the outer task's hook hears each interrupt that is a caller's. */
    @Test
    void aTaskIsNotCancelledWhenACreationTakesTooLongThatItsCallerMakesForIt() {
        bed.factory().next(succeed(), succeed(), block(gate, succeed()));
        var manager = bed.timedManager(config -> config);
        Answer<String> answer = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
            try {
                manager.runTask((inner, other) -> null);
                return "not interrupted";
            } catch (ResourceCreationException e) {
                return context.isCancelled() ? "cancelled" : "told";
            }
        });
        gate.awaitArrivals(1);

        bed.timer().advance(Duration.ofSeconds(30));

        assertThat(answer.value()).isEqualTo("told");
    }

    @Test
    void anOutageHasOneStackInTheLogHoweverManyWorkersItHas() {
        IOException error = new IOException("down");
        bed.factory().otherwise(fail(error));
        var manager = bed.manager(config -> config.workerCount(3).startupPolicy(StartupPolicy.LENIENT));
        Await.until("several failures", () -> bed.logger().lines(Level.WARN).size() >= 3);
        bed.factory().otherwise(succeed());
        Await.until("the recovery", () -> manager.stats().activeWorkers() == 3);

        assertThat(bed.logger().lines())
                .filteredOn(line -> line.cause() != null)
                .hasSize(1);
        assertThat(bed.logger().hasCause(error)).isTrue();
        assertThat(bed.logger().lines(Level.INFO))
                .filteredOn(line -> line.text().contains("can be created again"))
                .hasSize(1);
    }

    @Test
    void aFactoryThatSaysThatNoTryIsOfUseIsNotAskedAgain() {
        bed.factory().otherwise(fail(new UnrecoverableResourceException("wrong password")));
        var manager = bed.timedManager(config -> config.workerCount(1).startupPolicy(StartupPolicy.LENIENT));
        Answer<String> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "done");
        Await.until("the failure", () -> bed.logger().lines(Level.WARN).size() == 1);

        bed.timer().advance(Duration.ofDays(1));

        assertThat(manager.control().isOutage()).isTrue();
        bed.factory().otherwise(succeed());
        manager.control().probe();
        assertThat(answer.value()).isEqualTo("done");
        assertThat(bed.factory().calls()).isEqualTo(2);
    }

    private Step ignoringInterrupts() {
        return factory -> {
            gate.passIgnoringInterrupts();
            return succeed().create(factory);
        };
    }
}
