package io.taskmanager.benchmarks;

import io.taskmanager.benchmarks.Aim.Figure;
import io.taskmanager.benchmarks.Aim.Measure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How fast we want to be, and what of that a run has met. */
final class Aims {

    private static final String OURS = Rival.TASK_MANAGER.title();
    private static final String OUR_CALL = Rival.TASK_MANAGER.callTitle();
    private static final String ELSEWHERE = ", not in the same run";

    // Measured on another machine, in million a second; the greatest where there is a range.
    private static final Figure GO_CALLBACK = Figure.given(0.2);
    private static final Figure GO_CALL = Figure.given(0.32);
    private static final Figure GO_RUN_TASK = Figure.given(3.3);

    private static final List<Aim> ALL = List.of(
            atLeast(1.2, "submit to complete, empty task, async", "submit", OURS, Rival.EXECUTOR.title()),
            atLeast(2, "submit to complete, empty task, async", "submit", OURS, Rival.EXECUTOR_METERED.title()),
            atLeastElsewhere(
                    15,
                    "submit to complete, empty task, callback",
                    Figure.row("submit", Rival.TASK_MANAGER_CALLBACK.title()),
                    "the Go original, callback (0.2 M/s)",
                    GO_CALLBACK),
            atLeast(50, "blocking call, a worker idle", "call", OUR_CALL, Rival.EXECUTOR.callTitle()),
            atLeastElsewhere(
                    10,
                    "blocking call, 4 callers, 2 workers",
                    Figure.row("call4", OUR_CALL),
                    "the Go original (0.32 M/s)",
                    GO_CALL),
            atLeast(5, "`runTask`, pool hit", "borrow", Borrow.RUN_TASK.title(), Borrow.COMMONS_POOL.title()),
            atLeastElsewhere(
                    3,
                    "`runTask`, pool hit",
                    Figure.row("borrow", Borrow.RUN_TASK.title()),
                    "the Go original (2.5 to 3.3 M/s; here 3.3)",
                    GO_RUN_TASK),
            atMost(1.2, "bytes allocated a queued task", "allocation", OURS, Rival.EXECUTOR_FUTURE.title()),
            atMost(1.1, "`metrics()`", "metrics", JmhSections.AFTER_MANY, JmhSections.AFTER_FEW),
            new Aim(
                    "start of an application with three managers",
                    Figure.row("startup", JvmSections.WITH_STARTER),
                    JvmSections.WITHOUT_STARTER,
                    Figure.row("startup", JvmSections.WITHOUT_STARTER),
                    Measure.MILLIS_MORE,
                    false,
                    150),
            latency("p50"),
            latency("p99"),
            latency("p99.9"),
            new Aim(
                    "an idle application with 50 workers",
                    Figure.row("idle", Rival.TASK_MANAGER_SCALING.title()),
                    "",
                    Figure.given(0),
                    Measure.PERCENT_OF_A_CORE,
                    false,
                    0.2),
            atMost(1.1, "heap", "growth", JvmSections.AFTER_MANY, JvmSections.AFTER_FEW));

    private Aims() {}

    /** The summary of a run: the aims whose two sides it measured; nothing if there is none. */
    static String markdown(Report report) {
        String rows = ALL.stream()
                .map(aim -> aim.markdown(report))
                .flatMap(Optional::stream)
                .collect(Collectors.joining());
        return rows.isEmpty()
                ? ""
                : "### Aims\n\n| work, ours | against | aim | measured, ours to theirs | met |\n|---|---|---|---|---|\n"
                        + rows + "\n";
    }

    private static Aim latency(String quantile) {
        return atMost(
                1,
                "queue to start, 2 workers half loaded, " + quantile,
                JvmSections.latencyKey("latency", quantile),
                OURS,
                Rival.EXECUTOR.title());
    }

    private static Aim atLeast(double limit, String work, String table, String ours, String rival) {
        return new Aim(work, Figure.row(table, ours), rival, Figure.row(table, rival), Measure.RATIO, true, limit);
    }

    private static Aim atMost(double limit, String work, String table, String ours, String rival) {
        return new Aim(work, Figure.row(table, ours), rival, Figure.row(table, rival), Measure.RATIO, false, limit);
    }

    private static Aim atLeastElsewhere(double limit, String work, Figure ours, String rival, Figure theirs) {
        return new Aim(work, ours, rival + ELSEWHERE, theirs, Measure.RATIO, true, limit);
    }
}
