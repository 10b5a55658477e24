package io.taskmanager.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.taskmanager.ScalingSnapshot;
import io.taskmanager.benchmarks.scaling.Trace.Outage;
import io.taskmanager.benchmarks.scaling.Trace.Task;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The simulation on cases that can be computed by hand. */
class SimulationTest {

    /** A rule that wants three workers, one more than there are at the start, once a task has waited. */
    private static final Rule THREE = new Rule(
            "three",
            snapshot -> snapshot.backlog() + snapshot.activeWorkers() + snapshot.startingWorkers() > 2 ? 3 : 2,
            true);

    @Test
    void eachTaskWaitsForThoseBeforeIt() {
        // One arrives each second and runs for two: task i waits i seconds.
        Outcome outcome = Simulation.run(everySecond(101, 2), Rule.fixedAt(1));

        assertThat(outcome.medianWait()).isEqualTo(50);
        assertThat(outcome.p95Wait()).isEqualTo(95);
        assertThat(outcome.resources()).isCloseTo(202, within(1e-9));
    }

    @Test
    void nobodyWaitsWhereWorkersAreEnough() {
        Outcome outcome = Simulation.run(everySecond(100, 2), Rule.fixedAt(2));

        assertThat(outcome.p95Wait()).isZero();
        assertThat(outcome.shortage()).isZero();
        assertThat(outcome.overshoot()).isZero();
    }

    @Test
    void waitsOfOneWorkerAreThoseOfErlang() {
        // M/M/1: 5 of 10 tasks a second, P(wait > t) = 0.5 exp(-5 t).
        assertThat(random(5).p95Wait()).isCloseTo(Math.log(0.5 / 0.05) / 5, within(0.03));
    }

    @Test
    void waitsOfTwoWorkersAreThoseOfErlang() {
        // M/M/2: 15 of 20 tasks a second, of which 9/14 wait, P(wait > t) = 9/14 exp(-5 t).
        assertThat(random(15).p95Wait()).isCloseTo(Math.log(9 / 14.0 / 0.05) / 5, within(0.03));
    }

    private static Outcome random(double arrivals) {
        double length = 10_000;
        DoubleUnaryOperator rate = time -> arrivals;
        List<Task> tasks = new Load(length, rate, Load.exponential(0.1)).tasks();
        Trace trace = new Trace("random", length, rate, 0.1, tasks, 0, Outage.NONE);
        return Simulation.run(trace, Rule.fixedAt(arrivals < 10 ? 1 : 2));
    }

    @Test
    void aWorkerServesWhenItsResourceIsThere() {
        // Three tasks of 10 s at once. The first tick is at 0.1 s, a creation takes 1 s.
        Outcome outcome = Simulation.run(atOnce(3, Outage.NONE), THREE);

        assertThat(outcome.p95Wait()).isCloseTo(1.1, within(1e-9));
        assertThat(outcome.creations()).isEqualTo(1);
        assertThat(outcome.overshoot()).isEqualTo(1);
        // Two from the start, and one from 0.1 s on, until the last task is over at 11.1 s.
        assertThat(outcome.resources()).isCloseTo(2 * 11.1 + 11, within(1e-9));
    }

    @Test
    void oneCanaryAtATimeTriesAFactoryThatFails() {
        // Creations at 0.1, 1.2, 2.4, 3.8 and 5.6 s: one second each, then 0.1, 0.2, 0.4 and 0.8 s of back-off.
        Outcome outcome = Simulation.run(atOnce(3, new Outage(0, 5)), THREE);

        assertThat(outcome.creations()).isEqualTo(5);
        assertThat(outcome.p95Wait()).isCloseTo(6.6, within(1e-9));
        assertThat(outcome.resources()).isCloseTo(2 * 16.6 + 4 + 11, within(1e-9));
    }

    @Test
    void aWorkerOfTheOriginalIsLostWithItsCreation() {
        Rule once = new Rule("once", snapshot -> snapshot.busyWorkers() == 2 ? 3 : 2, false);

        Outcome outcome = Simulation.run(atOnce(3, new Outage(0, 0.15)), once);

        assertThat(outcome.creations()).isEqualTo(2);
        assertThat(outcome.p95Wait()).isCloseTo(2.1, within(0.11)); // tried again at the tick after 1.1 s
    }

    @Test
    void theOriginalAddsWhatTheDifferenceOfRatesIsWorth() {
        assertThat(original(4, 0, 30, 20)).isEqualTo(4 + 2); // 10 a second more, at 5 of a worker
        assertThat(original(4, 3, 30, 20)).isEqualTo(7 + 2); // those being created do not count
        assertThat(original(4, 0, 20, 30)).isEqualTo(4 - 1); // 10 less, at 7.5 of a worker
        assertThat(original(4, 0, 10, 0)).isEqualTo(4 + 1);
        assertThat(original(4, 0, 0, 0)).isEqualTo(4);
        assertThat(original(Trace.MAX_WORKERS, 0, 30, 20)).isEqualTo(Trace.MAX_WORKERS);
    }

    private static int original(int active, int starting, double arrivals, double completions) {
        return Rule.ORIGINAL
                .policy()
                .targetWorkers(new ScalingSnapshot(
                        Trace.BASE_WORKERS,
                        Trace.MAX_WORKERS,
                        active,
                        starting,
                        active,
                        0,
                        arrivals,
                        completions,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ZERO));
    }

    @Test
    void theHeavyTailHasTheMeanThatItsTraceSays() {
        DoubleUnaryOperator run = Load.boundedPareto(1.2, 0.05, 20);
        int steps = 1_000_000;

        double mean = IntStream.range(0, steps)
                .mapToDouble(i -> run.applyAsDouble((i + 0.5) / steps))
                .average()
                .orElseThrow();

        assertThat(mean).isCloseTo(0.21, within(0.001));
        assertThat(run.applyAsDouble(0)).isEqualTo(0.05);
        assertThat(run.applyAsDouble(1)).isCloseTo(20, within(1e-6));
    }

    private static Trace everySecond(int count, double run) {
        List<Task> tasks =
                IntStream.range(0, count).mapToObj(i -> new Task(i, run)).toList();
        return new Trace("by hand", count, time -> 1, run, tasks, 0, Outage.NONE);
    }

    private static Trace atOnce(int count, Outage outage) {
        List<Task> tasks =
                IntStream.range(0, count).mapToObj(i -> new Task(0, 10)).toList();
        return new Trace("by hand", 1, time -> 0, 10, tasks, 1, outage);
    }
}
