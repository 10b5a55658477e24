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
    private static final String OUR_RUN_TASK = Borrow.RUN_TASK.title();

    private static final List<Aim> ALL = List.of(
            floor("blocking call, a worker idle", "call", OUR_CALL, Borrow.FLOOR.title()),
            floor("`runTask`, pool hit", "borrow", OUR_RUN_TASK, Borrow.FLOOR.title()),
            runTask(4, "one caller", "borrow", Borrow.COMMONS_POOL),
            runTask(4, "4 callers", "borrow4", Borrow.COMMONS_POOL),
            runTask(5, "one caller", "borrow", Borrow.COMMONS_POOL_METERED),
            runTask(5, "4 callers", "borrow4", Borrow.COMMONS_POOL_METERED),
            runTask(1, "one caller", "borrow", Borrow.STORMPOT_METERED),
            runTask(1, "4 callers", "borrow4", Borrow.STORMPOT_METERED),
            runTask(1, "one caller", "borrow", Borrow.HIKARI_METERED),
            runTask(1, "4 callers", "borrow4", Borrow.HIKARI_METERED),
            atLeast(200, "blocking call, a worker idle", "call", OUR_CALL, Rival.EXECUTOR.callTitle()),
            atLeast(20, "blocking call, 4 callers, 2 workers", "call4", OUR_CALL, Rival.EXECUTOR.callTitle()),
            atLeast(1.6, "submit to complete, empty task, async", "submit", OURS, Rival.EXECUTOR_METERED.title()),
            atLeast(0.9, "submit to complete, empty task, async", "submit", OURS, Rival.EXECUTOR.title()),
            spring(3, SpringRun.Form.ASYNC),
            spring(50, SpringRun.Form.CALL),
            spring(3, SpringRun.Form.HERE),
            bytes(144, "bytes allocated, async", "allocation", OURS),
            bytes(96, "bytes allocated, blocking call on its caller's thread", "allocation here", OUR_CALL),
            bytes(64, "bytes allocated, `runTask`", "allocation here", OUR_RUN_TASK),
            bytes(100, "memory of a queued task", "memory queued", OURS),
            atMost(2, "stop of 100,000 queued empty tasks", "depth", JvmSections.STOP_THEM, JvmSections.RUN_THEM),
            atMost(2, "kill of 100,000 queued empty tasks", "depth", JvmSections.KILL_THEM, JvmSections.RUN_THEM),
            atMost(1.1, "`metrics()`", "metrics", JmhSections.AFTER_MANY, JmhSections.AFTER_FEW),
            atMost(1.1, "heap", "growth", JvmSections.AFTER_MANY, JvmSections.AFTER_FEW),
            more(
                    80,
                    Measure.MILLIS_MORE,
                    "start of an application with three managers",
                    "startup",
                    JvmSections.WITH_STARTER,
                    JvmSections.WITHOUT_STARTER),
            atMost(
                    1.2,
                    "first resources of three managers, slow ones",
                    "startup slow",
                    JvmSections.THREE_SLOW,
                    JvmSections.ONE_SLOW),
            more(
                    0.05,
                    Measure.PERCENT_MORE,
                    "an idle application with 50 workers",
                    "idle",
                    Rival.TASK_MANAGER_SCALING.title(),
                    JvmSections.JVM_ALONE),
            latency("p50"),
            latency("p99"),
            latency("p99.9"));

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

    /** In time, where the tables have rates: so theirs to ours. */
    private static Aim floor(String work, String table, String ours, String floor) {
        return new Aim(work, Figure.row(table, floor), floor, Figure.row(table, ours), Measure.RATIO, false, 2.3);
    }

    private static Aim runTask(double limit, String callers, String table, Borrow rival) {
        return atLeast(limit, "`runTask`, pool hit, " + callers, table, OUR_RUN_TASK, rival.title());
    }

    private static Aim spring(double limit, SpringRun.Form form) {
        return atLeast(
                limit,
                "in Spring, " + form.title(),
                JvmSections.springKey(form),
                JvmSections.STARTER,
                JvmSections.GLUE);
    }

    private static Aim bytes(double limit, String what, String table, String ours) {
        return new Aim(what, Figure.row(table, ours), "", Figure.given(0), Measure.BYTES, false, limit);
    }

    private static Aim more(double limit, Measure measure, String work, String table, String ours, String without) {
        return new Aim(work, Figure.row(table, ours), without, Figure.row(table, without), measure, false, limit);
    }
}
