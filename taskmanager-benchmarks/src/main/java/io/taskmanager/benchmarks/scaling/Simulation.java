package io.taskmanager.benchmarks.scaling;

import io.taskmanager.ScalingSnapshot;
import io.taskmanager.benchmarks.scaling.Trace.Task;
import io.taskmanager.engine.scaling.DemandWindow;
import io.taskmanager.engine.scaling.DemandWindow.Demand;
import io.taskmanager.engine.scaling.DemandWindow.Sample;
import java.time.Duration;
import java.util.Iterator;

/**
 * A discrete-event simulation of one rule on one trace. The rule is asked at each tick as the engine's scaler asks it. It
 * is over when the load is, and the last task has run.
 */
final class Simulation {

    /** The default of {@code burstInterval}. */
    static final double TICK = 0.1;

    private final Trace trace;
    private final Rule rule;
    private final Agenda agenda = new Agenda();
    private final Pool pool;
    private final Iterator<Task> arrivals;
    private final DemandWindow window = new DemandWindow(new Sample(0, 0, 0, 0));
    private final Outcome.Builder outcome;

    private int target;
    private double lastBusy;

    private Simulation(Trace trace, Rule rule) {
        this.trace = trace;
        this.rule = rule;
        this.outcome = new Outcome.Builder(trace);
        this.pool = new Pool(agenda, trace, rule.isOurs(), task -> outcome.waited(agenda.now() - task.arrival()));
        this.arrivals = trace.tasks().iterator();
    }

    static Outcome run(Trace trace, Rule rule) {
        return new Simulation(trace, rule).run();
    }

    private Outcome run() {
        pool.open(Trace.BASE_WORKERS);
        target = rule.policy().targetWorkers(snapshot());
        pool.open(target); // a fixed pool has its size from the start
        nextArrival();
        agenda.after(TICK, this::tick);
        while (agenda.now() < trace.length() || pool.finished() < trace.tasks().size()) {
            agenda.runNext();
        }
        return outcome.build(pool.creations(), pool.resourceSeconds());
    }

    private void nextArrival() {
        if (arrivals.hasNext()) {
            Task task = arrivals.next();
            agenda.at(task.arrival(), () -> {
                pool.submit(task);
                nextArrival();
            });
        }
    }

    private void tick() {
        int next = rule.policy().targetWorkers(snapshot());
        // As the engine: in an outage more workers would only wait, and those that have a resource stay.
        target = pool.isOutage() ? Math.min(target, Math.max(next, pool.active())) : next;
        pool.resizeTo(target);
        outcome.observe(agenda.now(), pool);
        agenda.after(TICK, this::tick);
    }

    private ScalingSnapshot snapshot() {
        Demand demand = demand();
        if (pool.backlog() > 0 || pool.busy() >= pool.active()) {
            lastBusy = agenda.now();
        }
        return new ScalingSnapshot(
                Trace.BASE_WORKERS,
                Trace.MAX_WORKERS,
                pool.active(),
                pool.starting(),
                pool.busy(),
                pool.backlog(),
                demand.arrivalRate(),
                demand.completionRate(),
                demand.averageRun(),
                duration(pool.lastCreation()),
                duration(agenda.now() - lastBusy));
    }

    private Demand demand() {
        Sample now = new Sample(nanos(agenda.now()), pool.arrived(), pool.finished(), nanos(pool.runSeconds()));
        // A window that has seen nothing but the start tells the rates since then.
        return (rule.isOurs() ? window : new DemandWindow(new Sample(0, 0, 0, 0))).add(now);
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(nanos(seconds));
    }
}
