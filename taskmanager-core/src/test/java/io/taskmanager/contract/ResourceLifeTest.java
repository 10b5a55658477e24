package io.taskmanager.contract;

import static io.taskmanager.testkit.ScriptedFactory.fail;
import static io.taskmanager.testkit.ScriptedFactory.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of a resource: replaced when it is too old or used up, looked at again when it was idle for long. */
class ResourceLifeTest {

    private static final Duration AGE = Duration.ofMinutes(10);
    private static final Duration YOUNG = Duration.ofMinutes(9).minusMillis(1); // the jitter takes a tenth at most
    private static final Duration TICK = Duration.ofMillis(1);

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final List<Object> notes = new CopyOnWriteArrayList<>();

    // -- uses ------------------------------------------------------------------------------------------------------

    @EveryEntryPoint
    void isReplacedAfterSoManyUses(EntryPoint entry) {
        var manager = bed.manager(config -> config.resourceMaxUses(3));
        for (int i = 0; i < 10; i++) {
            bed.call(entry, manager, (context, resource) -> null).value();
        }
        manager.stop();

        List<Resource> used = bed.factory().created().stream()
                .filter(resource -> resource.uses() > 0)
                .toList();
        assertThat(used.stream().map(Resource::uses)).containsExactly(3, 3, 3, 1);
    }

    @EveryQueueForm
    void countsAttemptsThatFailed(EntryPoint entry) {
        var manager = bed.manager(config -> config.resourceMaxUses(2));
        for (int i = 0; i < 4; i++) {
            bed.call(entry, manager, (context, resource) -> {
                        throw new IOException("healthy");
                    })
                    .error();
        }
        Await.until("the end of two", () -> bed.factory().destroyed().size() == 2);
    }

    // -- age -------------------------------------------------------------------------------------------------------

    @EveryEntryPoint
    void isReplacedWhenItHasItsAge(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.resourceMaxAge(AGE));
        Resource first = use(entry, manager);
        bed.timer().advance(YOUNG);
        assertThat(use(entry, manager)).isSameAs(first);

        bed.timer().advance(AGE.minus(YOUNG));

        assertThat(use(entry, manager)).isNotSameAs(first);
        Await.until("the end of the old one", first::isDestroyed);
    }

    @Test
    void doesNotHaveTheSameAgeForAll() {
        var manager = bed.timedManager(config -> config.workerCount(30).resourceMaxAge(AGE));
        Await.until("all workers", () -> manager.stats().activeWorkers() == 30);
        bed.timer().advance(YOUNG);
        assertThat(bed.factory().created()).hasSize(30);

        bed.timer().advance(Duration.ofSeconds(30)); // half of what the jitter may take
        renewAll(manager, 30);

        int renewed = bed.factory().created().size() - 30;
        assertThat(renewed).isBetween(1, 29);
    }

    /** Has each worker look at its resource: all are busy at once, and then free. */
    private void renewAll(TaskManager<Resource, Object> manager, int workers) {
        var gate = bed.occupy(manager, workers);
        gate.open();
        Await.until("idle workers", () -> manager.stats().busyWorkers() == 0);
        bed.occupy(manager, workers).open();
        Await.until(
                "idle workers",
                () -> manager.stats().busyWorkers() == 0 && bed.factory().creating() == 0);
    }

    /** Or a worker that is slower than its resources grow old would replace them for ever, and run nothing. */
    @EveryEntryPoint
    void servesATaskHoweverFastItGrowsOld(EntryPoint entry) {
        var manager = bed.manager(config -> config.resourceMaxAge(Duration.ofNanos(1)));
        assertThat(use(entry, manager)).isNotSameAs(use(entry, manager));
    }

    @Test
    void isNotReplacedAgainAndAgainWhileNobodyUsesIt() {
        var manager = bed.manager(config -> config.workerCount(2).resourceMaxAge(Duration.ofNanos(1)));
        use(EntryPoint.QUEUE_TASK_ASYNC, manager);
        bed.awaitIdleWorkers(manager, 2);
        Await.until("the end of the old ones", () -> bed.factory().alive().size() == 2);
        assertThat(bed.factory().created()).hasSizeLessThan(10);
    }

    @Test
    void isNeverTooOldWithoutALimit() {
        var manager = bed.timedManager(config -> config);
        Resource first = use(EntryPoint.QUEUE_TASK_ASYNC, manager);

        bed.timer().advance(Duration.ofDays(365));

        assertThat(use(EntryPoint.QUEUE_TASK_ASYNC, manager)).isSameAs(first);
        assertThat(first.isDestroyed()).isFalse();
    }

    // -- replacement -----------------------------------------------------------------------------------------------

    @EveryQueueForm
    void isReplacedBeforeItGoesWhereTheMaximumAllows(EntryPoint entry) {
        var manager = bed.manager(config -> config.maxWorkerCount(2).resourceMaxUses(1));
        bed.factory().otherwise(factory -> {
            notes.add(factory.alive().size());
            return succeed().create(factory);
        });
        for (int i = 0; i < 4; i++) {
            use(entry, manager);
        }
        manager.stop();

        assertThat(notes).isNotEmpty().allSatisfy(alive -> assertThat(alive).isEqualTo(1));
        assertThat(bed.factory().peakLiving()).isEqualTo(2);
    }

    @EveryQueueForm
    void isReplacedAfterItHasGoneWhereTheMaximumLeavesNoRoom(EntryPoint entry) {
        var manager = bed.manager(config -> config.maxWorkerCount(1).resourceMaxUses(1));
        for (int i = 0; i < 4; i++) {
            use(entry, manager);
        }
        manager.stop();

        assertThat(bed.factory().created()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(bed.factory().peakLiving()).isEqualTo(1);
    }

    @Test
    void neverMakesMoreThanTheMaximum() {
        var manager = bed.manager(config ->
                config.workerCount(3).maxWorkerCount(4).resourceMaxUses(2).resourcePoolSize(0));
        // A worker serves on while its replacement is made, so how many tasks that takes is the machine's affair.
        Await.until("many replacements", () -> {
            var answers = IntStream.range(0, 600)
                    .mapToObj(i -> bed.<Object>call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null))
                    .toList();
            answers.forEach(answer -> answer.value());
            return bed.factory().created().size() > 100;
        });
        manager.stop();

        assertThat(bed.factory().peakLiving()).isLessThanOrEqualTo(4);
    }

    @EveryQueueForm
    void servesOnWhileItsReplacementCantBeCreated(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.maxWorkerCount(2).resourceMaxUses(2));
        Resource first = use(entry, manager);
        bed.factory().otherwise(fail(new IOException("no connection")));
        for (int i = 0; i < 5; i++) {
            assertThat(use(entry, manager)).isSameAs(first);
        }
        assertThat(bed.factory().calls()).isEqualTo(2);
        assertThat(first.isDestroyed()).isFalse();

        bed.factory().otherwise(ScriptedFactory.succeed());
        bed.timer().advance(Duration.ofMinutes(1)); // the outage's back-off
        use(entry, manager);

        Await.until("the end of the old one", first::isDestroyed);
        assertThat(use(entry, manager)).isNotSameAs(first);
    }

    // -- idle validation -------------------------------------------------------------------------------------------

    @EveryEntryPoint
    void isLookedAtAgainAfterItWasIdleForLong(EntryPoint entry) {
        bed.factory().fitness(notes::add);
        var manager = bed.timedManager(config -> config.resourceIdleValidation(AGE));
        Resource first = use(entry, manager);
        bed.timer().advance(AGE);
        assertThat(use(entry, manager)).isSameAs(first);
        assertThat(notes).isEmpty();

        bed.timer().advance(AGE.plus(TICK));

        assertThat(use(entry, manager)).isSameAs(first);
        assertThat(notes).containsExactly(first);
        assertThat(use(entry, manager)).isSameAs(first);
        assertThat(notes).hasSize(1);
    }

    @EveryEntryPoint
    void isReplacedBeforeItsNextUseWhenItIsNotFit(EntryPoint entry) {
        Set<Resource> unfit = new HashSet<>();
        bed.factory().fitness(resource -> !unfit.contains(resource));
        var manager = bed.timedManager(config -> config.resourceIdleValidation(AGE));
        Resource first = use(entry, manager);
        unfit.add(first);
        bed.timer().advance(AGE.plus(TICK));

        var attempts = new AtomicInteger();
        Resource next = bed.call(entry, manager, (context, resource) -> {
                    attempts.set(context.attempt());
                    return resource;
                })
                .value();

        assertThat(next).isNotSameAs(first);
        assertThat(attempts).hasValue(1);
        Await.until("the end of the unfit one", first::isDestroyed);
        assertThat(first.uses()).isEqualTo(1);
        assertThat(manager.metrics().totalTasksRetried()).isZero();
    }

    @EveryEntryPoint
    void needsNoValidationForTheTaskThatItWasMadeFor(EntryPoint entry) {
        bed.factory().fitness(resource -> false);
        var manager = bed.manager(config -> config.resourceIdleValidation(Duration.ofNanos(1)));
        use(entry, manager);
        use(entry, manager);
    }

    @EveryEntryPoint
    void isNotFitWhenItsValidationThrows(EntryPoint entry) {
        Set<Resource> unfit = new HashSet<>();
        bed.factory().fitness(resource -> {
            if (unfit.contains(resource)) {
                throw new LinkageError("validation");
            }
            return true;
        });
        var manager = bed.timedManager(config -> config.resourceIdleValidation(AGE));
        Resource first = use(entry, manager);
        unfit.add(first);
        bed.timer().advance(AGE.plus(TICK));

        assertThat(use(entry, manager)).isNotSameAs(first);
    }

    @EveryQueueForm
    void keepsTheTasksOrderWhenItIsNotFit(EntryPoint entry) {
        Set<Resource> unfit = new HashSet<>();
        bed.factory().fitness(resource -> !unfit.contains(resource));
        var manager = bed.timedManager(config -> config.resourceIdleValidation(AGE));
        unfit.add(use(entry, manager));
        bed.timer().advance(AGE.plus(TICK));
        manager.control().pause();
        for (int i = 1; i <= 3; i++) {
            int number = i;
            bed.call(entry, manager, (context, resource) -> notes.add(number));
            Await.until(
                    "task " + number + " in its lane",
                    () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == number);
        }

        manager.control().resume();

        Await.until("all three", () -> notes.size() == 3);
        assertThat(notes).containsExactly(1, 2, 3);
    }

    private Resource use(EntryPoint entry, TaskManager<Resource, Object> manager) {
        return bed.call(entry, manager, (context, resource) -> resource).value();
    }
}
