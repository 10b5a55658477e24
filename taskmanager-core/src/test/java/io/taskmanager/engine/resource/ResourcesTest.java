package io.taskmanager.engine.resource;

import static io.taskmanager.testkit.ScriptedFactory.block;
import static io.taskmanager.testkit.ScriptedFactory.fail;
import static io.taskmanager.testkit.ScriptedFactory.returnNull;
import static io.taskmanager.testkit.ScriptedFactory.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.UnrecoverableResourceException;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.resource.FactoryCalls.Kind;
import io.taskmanager.engine.resource.FactoryCalls.UnderWay;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.LeakedThreads;
import io.taskmanager.testkit.RecordingLogger;
import io.taskmanager.testkit.RecordingLogger.Level;
import io.taskmanager.testkit.RecordingLogger.Line;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory;
import io.taskmanager.testkit.ScriptedFactory.Step;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each call of the factory is bounded, and what comes of it is told. */
class ResourcesTest {

    private static final Duration CREATION = Duration.ofSeconds(30);
    private static final Duration VALIDATION = Duration.ofSeconds(5);
    private static final Duration DESTRUCTION = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(7);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @RegisterExtension
    final LeakedThreads threads = new LeakedThreads();

    private final ScriptedFactory factory = new ScriptedFactory();
    private final RecordingLogger logger = new RecordingLogger(true);
    private final Guard guard = new Guard(logger);
    private final EventLog events = new EventLog("test", null, guard);
    private final ManualTimer timer = new ManualTimer();
    private final Resources<Resource> resources = new Resources<>(
            "test",
            factory,
            new ResourceLife(null, 0, null),
            new FactoryLimits(
                    CREATION, VALIDATION, DESTRUCTION, GRACE, new Backoff(PAUSE, 2, PAUSE.multipliedBy(8), 0)),
            events,
            logger,
            guard,
            timer);
    private final Gate gate = new Gate();
    private final AtomicInteger abandoned = new AtomicInteger();

    @AfterEach
    void opensTheGate() {
        gate.open();
    }

    // -- a creation that takes too long ----------------------------------------------------------------------------

    @Test
    void a_creation_that_takes_too_long_is_interrupted_and_has_failed() {
        factory.next(block(gate, succeed()));
        Background<Boolean> creation = failingCreation(error -> assertThat(error)
                .isInstanceOf(ResourceCreationException.class)
                .hasMessage("manager \"test\" could not create a resource:"
                        + " the creation took longer than creationTimeout (PT30S)")
                .hasCauseInstanceOf(InterruptedException.class));
        gate.awaitArrivals(1);
        timer.advance(CREATION.minusNanos(1));
        assertThat(creation.isDone()).isFalse();

        timer.advance(Duration.ofNanos(1));

        assertThat(creation.value()).as("an interrupt is left").isFalse();
        assertThat(details(Type.CREATION_FAILED))
                .containsExactly("the creation took longer than creationTimeout (PT30S)");
        assertThat(resources.outage())
                .isEqualTo(new Outage(
                        1, timer.nanos(), "the creation took longer than creationTimeout (PT30S)", null, PAUSE));
        assertThat(abandoned).hasValue(0);
    }

    @Test
    void a_creation_fails_at_its_timeout_and_not_when_it_returns() throws Exception {
        factory.next(ignoringInterrupts(succeed()));
        Background<Boolean> hanging = failingCreation(error -> {});
        gate.awaitArrivals(1);

        timer.advance(CREATION);
        assertThat(resources.isOutage()).isTrue();
        timer.advance(PAUSE);

        assertThat(create()).as("the canary's").isNotNull();
        assertThat(resources.isOutage()).isFalse();
        gate.open();
        hanging.value();
        assertThat(resources.isOutage()).isFalse();
    }

    @Test
    void a_creation_that_ignores_its_interrupt_is_abandoned_once() {
        factory.next(ignoringInterrupts(succeed()));
        Background<Boolean> hanging = failingCreation(error -> {});
        gate.awaitArrivals(1);
        timer.advance(CREATION.plus(GRACE).minusNanos(1));
        assertThat(abandoned).hasValue(0);
        assertThat(resources.calls().oldest()).isNotNull();

        timer.advance(Duration.ofNanos(1));
        timer.advance(Duration.ofDays(1));

        assertThat(abandoned).hasValue(1);
        assertThat(details(Type.RESOURCE_STUCK)).containsExactly("creation ignores its interrupt, under way for PT37S");
        assertThat(logger.lines(Level.ERROR)).singleElement().satisfies(line -> {
            assertThat(line.text())
                    .isEqualTo("the creation of a resource, under way for PT37S, has ignored its interrupt for PT7S");
            assertThat(line.cause().getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("passIgnoringInterrupts"));
        });
        assertThat(resources.calls().oldest()).isNull();
        assertThat(hanging.isDone()).isFalse();
        gate.open();
        hanging.value();
        assertThat(abandoned).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void what_a_failed_creation_returns_at_last_is_destroyed_and_counted(Lateness lateness) {
        factory.next(lateness == Lateness.INTERRUPTED ? swallowingAnInterrupt() : ignoringInterrupts(succeed()));
        Background<Boolean> late =
                failingCreation(error -> assertThat(error).isInstanceOf(ResourceCreationException.class));
        gate.awaitArrivals(1);

        timer.advance(lateness == Lateness.ABANDONED ? CREATION.plus(GRACE) : CREATION);
        gate.open();

        assertThat(late.value()).as("an interrupt is left").isFalse();
        assertThat(factory.created()).singleElement().satisfies(resource -> {
            assertThat(resource.destructions()).isEqualTo(1);
            assertThat(resource.destroyer()).isSameAs(late.thread());
        });
        assertThat(details(Type.RESOURCE_CREATED)).hasSize(1);
        assertThat(details(Type.RESOURCE_DESTROYED)).containsExactly("SURPLUS, after 0 uses; created 1, destroyed 1");
    }

    enum Lateness {
        INTERRUPTED,
        ABANDONED
    }

    @Test
    void no_interrupt_reaches_what_comes_after_a_call() throws Exception {
        ResourceHolder<Resource> holder = create();
        resources.isValid(holder, this::abandon);
        resources.destroy(holder, Cause.OLD);

        timer.advance(Duration.ofDays(1));

        assertThat(Thread.interrupted()).isFalse();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void without_timeouts_nothing_is_watched() throws Exception {
        Resources<Resource> unlimited = new Resources<>(
                "test",
                factory,
                new ResourceLife(null, 0, null),
                new FactoryLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, GRACE, Backoff.none()),
                events,
                logger,
                guard,
                timer);
        List<Integer> pending = new CopyOnWriteArrayList<>();
        factory.next(then -> {
            pending.add(timer.pending());
            return succeed().create(then);
        });
        factory.fitness(resource -> pending.add(timer.pending())).onDestroy(resource -> pending.add(timer.pending()));

        ResourceHolder<Resource> holder = unlimited.create(() -> false, 0, this::abandon);
        unlimited.isValid(holder, this::abandon);
        unlimited.destroy(holder, Cause.OLD);

        assertThat(pending).containsExactly(0, 0, 0);
    }

    // -- validation and destruction --------------------------------------------------------------------------------

    @Test
    void a_validation_that_takes_too_long_is_interrupted_and_says_no() throws Exception {
        ResourceHolder<Resource> holder = create();
        factory.fitness(resource -> gate.passIgnoringInterrupts() >= 0);
        Background<List<Boolean>> validation =
                Background.start(() -> List.of(resources.isValid(holder, this::abandon), Thread.interrupted()));
        gate.awaitArrivals(1);

        timer.advance(VALIDATION);
        assertThat(logger.lines(Level.WARN).stream().map(Line::text))
                .containsExactly(
                        "the validation of a resource took longer than validationTimeout (PT5S) and was interrupted");
        assertThat(abandoned).hasValue(0);
        timer.advance(GRACE);
        assertThat(abandoned).hasValue(1);
        assertThat(details(Type.RESOURCE_STUCK)).hasSize(1);
        gate.open();

        assertThat(validation.value()).containsExactly(false, false);
    }

    @Test
    void a_destruction_that_is_abandoned_counts_as_destroyed_from_then_on() throws Exception {
        ResourceHolder<Resource> holder = create();
        factory.onDestroy(resource -> gate.passIgnoringInterrupts());
        AtomicInteger gone = new AtomicInteger();
        Background<List<Boolean>> destruction = Background.start(
                () -> List.of(resources.destroy(holder, Cause.BROKEN, gone::incrementAndGet), Thread.interrupted()));
        gate.awaitArrivals(1);
        timer.advance(DESTRUCTION);
        assertThat(gone).hasValue(0);

        timer.advance(GRACE);

        assertThat(gone).hasValue(1);
        assertThat(details(Type.RESOURCE_DESTROYED)).containsExactly("BROKEN, after 0 uses; created 1, destroyed 1");
        assertThat(details(Type.RESOURCE_STUCK)).hasSize(1);
        gate.open();
        assertThat(destruction.value()).containsExactly(false, false);
        assertThat(gone).hasValue(1);
        assertThat(details(Type.RESOURCE_DESTROYED)).hasSize(1);
    }

    @Test
    void a_destruction_that_heeds_its_interrupt_is_over_with_it() throws Exception {
        ResourceHolder<Resource> holder = create();
        factory.onDestroy(resource -> gate.pass());
        AtomicInteger gone = new AtomicInteger();
        Background<List<Boolean>> destruction = Background.start(
                () -> List.of(resources.destroy(holder, Cause.BROKEN, gone::incrementAndGet), Thread.interrupted()));
        gate.awaitArrivals(1);

        timer.advance(DESTRUCTION);

        assertThat(destruction.value()).containsExactly(true, false);
        assertThat(gone).hasValue(1);
        timer.advance(GRACE);
        assertThat(details(Type.RESOURCE_STUCK)).isEmpty();
    }

    // -- kill ------------------------------------------------------------------------------------------------------

    @Test
    void a_kill_interrupts_calls_of_all_kinds_and_that_is_no_failure() throws Exception {
        ResourceHolder<Resource> validated = create();
        ResourceHolder<Resource> destroyed = create();
        factory.next(block(gate, succeed()))
                .onDestroy(resource -> gate.pass())
                .fitness(resource -> gate.passIgnoringInterrupts() == 0);
        Background<ResourceHolder<Resource>> creation = Background.start(this::create);
        Background<Boolean> validation = Background.start(() -> resources.isValid(validated, this::abandon));
        Background<Boolean> destruction = Background.start(() -> resources.destroy(destroyed, Cause.BROKEN, () -> {}));
        gate.awaitArrivals(3);

        resources.interruptCalls();

        assertThat(creation.value()).isNull();
        assertThat(destruction.value()).isTrue();
        timer.advance(GRACE);
        assertThat(abandoned).as("the validation").hasValue(1);
        gate.open();
        assertThat(validation.value()).isFalse();
        assertThat(resources.isOutage()).isFalse();
        assertThat(details(Type.CREATION_FAILED)).isEmpty();
    }

    @Test
    void no_creation_begins_after_a_kill() throws Exception {
        resources.interruptCalls();

        assertThat(create()).isNull();

        assertThat(factory.calls()).isZero();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(resources.isOutage()).isFalse();
    }

    // -- interrupts of others --------------------------------------------------------------------------------------

    static Step wrappingTheInterrupt(Gate gate) {
        return factory -> {
            try {
                gate.pass();
            } catch (InterruptedException e) {
                throw new IllegalStateException("wrapped", e);
            }
            return null;
        };
    }

    @Test
    void a_caller_that_is_interrupted_while_it_creates_is_no_failure_of_the_factory() throws Exception {
        for (Step step : List.of(block(gate, succeed()), wrappingTheInterrupt(gate))) {
            factory.next(step);
            int arrivals = gate.arrivals();
            Background<Throwable> caller = Background.start(
                    () -> catchThrowable(() -> resources.createForCaller(() -> false, 0, this::abandon)));
            gate.awaitArrivals(arrivals + 1);

            caller.thread().interrupt();

            assertThat(caller.value()).isInstanceOf(InterruptedException.class);
        }
        assertThat(resources.isOutage()).isFalse();
        assertThat(details(Type.CREATION_FAILED)).isEmpty();
    }

    @Test
    void the_next_canary_goes_at_once_when_one_was_interrupted() throws Exception {
        factory.next(fail(new IOException("down")), block(gate, succeed()));
        failHere();
        timer.advance(PAUSE);
        Background<Throwable> canary =
                Background.start(() -> catchThrowable(() -> resources.createForCaller(() -> false, 0, this::abandon)));
        gate.awaitArrivals(1);

        canary.thread().interrupt();
        canary.value();

        assertThat(create()).isNotNull();
    }

    @Test
    void an_interrupt_that_the_factory_makes_up_on_a_thread_of_the_engine_is_a_failure() {
        factory.next(fail(new InterruptedException("made up")));

        assertThat(failHere()).hasCauseInstanceOf(InterruptedException.class);

        assertThat(resources.isOutage()).isTrue();
    }

    // -- what is told ----------------------------------------------------------------------------------------------

    @Test
    void calls_under_way_tell_their_kind_and_since_when() throws Exception {
        ResourceHolder<Resource> holder = create();
        factory.next(block(gate, succeed())).fitness(resource -> gate.passIgnoringInterrupts() == 0);
        long creationBegan = timer.nanos();
        Background<ResourceHolder<Resource>> creation = Background.start(this::create);
        gate.awaitArrivals(1);
        timer.advance(Duration.ofSeconds(1));
        long validationBegan = timer.nanos();
        Background<Boolean> validation = Background.start(() -> resources.isValid(holder, this::abandon));
        gate.awaitArrivals(2);

        UnderWay creating = new UnderWay(Kind.CREATION, creationBegan);
        UnderWay validating = new UnderWay(Kind.VALIDATION, validationBegan);
        FactoryCalls calls = resources.calls();
        assertThat(calls.oldest()).isEqualTo(creating);
        assertThat(calls.oldest(Kind.VALIDATION)).isEqualTo(validating);
        assertThat(calls.oldest(Kind.DESTRUCTION)).isNull();
        assertThat(calls.of(creation.thread(), null)).isEqualTo(creating);
        assertThat(calls.of(Thread.currentThread(), holder))
                .as("by its resource")
                .isEqualTo(validating);
        assertThat(calls.of(Thread.currentThread(), null)).isNull();
        gate.open();
        creation.value();
        validation.value();
        assertThat(calls.oldest()).isNull();
    }

    @Test
    void the_log_has_one_stack_an_outage_a_line_for_each_further_failure_and_one_at_the_recovery() throws Exception {
        IOException first = new IOException("first");
        factory.next(fail(first), fail(new IOException("second")), returnNull());
        for (int failure = 0; failure < 3; failure++) {
            failHere();
            timer.advance(PAUSE.multipliedBy(8));
        }
        create();
        create();

        List<Line> lines = logger.lines().stream()
                .filter(line -> line.level() != Level.DEBUG)
                .toList();
        assertThat(lines).extracting(Line::level).containsExactly(Level.WARN, Level.WARN, Level.WARN, Level.INFO);
        assertThat(lines.get(0).cause()).hasCause(first);
        assertThat(lines.subList(1, 4))
                .allSatisfy(line -> assertThat(line.cause()).isNull());
        assertThat(lines.get(1).text()).contains("second").contains("the next attempt is in 2000 ms");
        assertThat(lines.get(3).text()).isEqualTo("resources can be created again");
    }

    @Test
    void an_event_tells_the_classes_of_an_error_and_of_its_causes_and_no_message() {
        factory.next(fail(new IOException("secret", new ConnectException("secret"))));

        failHere();

        String told = "java.io.IOException, caused by java.net.ConnectException";
        assertThat(details(Type.CREATION_FAILED)).containsExactly(told);
        Outage outage = resources.outage();
        assertThat(outage.lastError()).isEqualTo(told);
        assertThat(outage.cause()).hasMessage("secret");
        assertThat(outage.nextAttempt()).isEqualTo(PAUSE);
    }

    @Test
    void nothing_is_told_of_an_outage_that_is_over() throws Exception {
        factory.next(fail(new IOException("down")));
        failHere();
        timer.advance(PAUSE);
        create();

        assertThat(resources.outage()).isNull();
    }

    // -- errors without cure, and resources that break at once -----------------------------------------------------

    @Test
    void a_factory_that_says_so_is_not_asked_again_until_a_probe() throws Exception {
        factory.next(fail(new UnrecoverableResourceException("wrong password")));

        assertThat(failHere())
                .hasCauseInstanceOf(UnrecoverableResourceException.class)
                .hasMessageEndingWith("it is not tried again before probe(), recycle() or resize()");

        timer.advance(Duration.ofDays(1));
        assertThat(create()).isNull();
        assertThat(factory.calls()).isEqualTo(1);
        assertThat(resources.isOutage()).isTrue();
        assertThat(resources.outage().nextAttempt()).isNull();
        resources.probe();
        assertThat(create()).isNotNull();
    }

    @Test
    void three_new_resources_that_break_in_their_first_task_are_told_as_a_failure() throws Exception {
        for (int broken = 0; broken < 3; broken++) {
            resources.destroy(create(), Cause.BROKEN);
            resources.brokeInFirstTask();
        }

        assertThat(create()).isNull();
        assertThat(details(Type.CREATION_FAILED))
                .containsExactly("at least 3 new resources in a row broke in their first task");
        assertThat(resources.outage().nextAttempt()).isEqualTo(PAUSE);
        timer.advance(PAUSE);
        assertThat(create()).isNotNull();
        resources.servedFirstTask();
        assertThat(resources.outage()).isNull();
        assertThat(logger.lines(Level.INFO)).hasSize(1);
    }

    // -- helpers ---------------------------------------------------------------------------------------------------

    private Step ignoringInterrupts(Step then) {
        return made -> {
            gate.passIgnoringInterrupts();
            return then.create(made);
        };
    }

    private Step swallowingAnInterrupt() {
        return made -> {
            try {
                gate.pass();
            } catch (InterruptedException e) {
                // and goes on
            }
            return succeed().create(made);
        };
    }

    private void abandon() {
        abandoned.incrementAndGet();
    }

    private ResourceHolder<Resource> create() throws InterruptedException {
        return resources.create(() -> false, 0, this::abandon);
    }

    private ResourceCreationException failHere() {
        return catchThrowableOfType(ResourceCreationException.class, this::create);
    }

    /** On a thread of its own; says whether that is left interrupted. */
    private Background<Boolean> failingCreation(Consumer<Throwable> check) {
        return Background.start(() -> {
            Throwable error = catchThrowable(this::create);
            boolean interrupted = Thread.interrupted();
            check.accept(error);
            return interrupted;
        });
    }

    private List<String> details(Type type) {
        return events.last().stream()
                .filter(event -> event.type() == type)
                .map(TaskManagerEvent::detail)
                .toList();
    }
}
