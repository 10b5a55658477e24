package io.taskmanager.benchmarks;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/** The sections that JMH measures: how much gets done in a second. */
final class JmhSections {

    static final String OUR_CALL = Rival.TASK_MANAGER.callTitle();

    private static final String NORM = "gc.alloc.rate.norm";

    static final String AFTER_MANY = "after 10⁸ tasks";
    static final String AFTER_FEW = "after 10³ tasks";

    private static final List<Rival> ALL = List.of(
            Rival.TASK_MANAGER,
            Rival.TASK_MANAGER_CALLBACK,
            Rival.EXECUTOR,
            Rival.EXECUTOR_FUTURE,
            Rival.EXECUTOR_METERED,
            Rival.FORK_JOIN,
            Rival.SPRING,
            Rival.BULKHEAD,
            Rival.VIRTUAL);
    /** Those that the aims name. */
    private static final List<Rival> NEAREST = List.of(
            Rival.TASK_MANAGER,
            Rival.TASK_MANAGER_CALLBACK,
            Rival.EXECUTOR,
            Rival.EXECUTOR_FUTURE,
            Rival.EXECUTOR_METERED);

    private static final List<Rival> PRIORITY = List.of(Rival.TASK_MANAGER_PRIORITY, Rival.EXECUTOR_PRIORITY);
    private static final List<Rival> BLOCKING =
            List.of(Rival.TASK_MANAGER, Rival.EXECUTOR, Rival.FORK_JOIN, Rival.SPRING, Rival.BULKHEAD, Rival.VIRTUAL);
    private static final List<Rival> NEAREST_BLOCKING = List.of(Rival.TASK_MANAGER, Rival.EXECUTOR, Rival.FORK_JOIN);
    private static final List<Rival> ALLOCATING =
            List.of(Rival.TASK_MANAGER, Rival.EXECUTOR_FUTURE, Rival.EXECUTOR, Rival.EXECUTOR_METERED);

    private final Report report;

    JmhSections(Report report) {
        this.report = report;
    }

    void run() throws RunnerException {
        submit("submit", "one producer, 2 workers, empty tasks", ALL, 1, 2, 0);
        submit("submit4", "4 producers, 2 workers, empty tasks", NEAREST, 4, 2, 0);
        submit("submit8to1", "8 producers, one worker, empty tasks", NEAREST, 8, 1, 0);
        submit("submit8to16", "8 producers, 16 workers, empty tasks", NEAREST, 8, 16, 0);
        submit("submit1us", "one producer, 2 workers, tasks of 1 µs", NEAREST, 1, 2, 1);
        submit("submit100us", "one producer, 2 workers, tasks of 100 µs", NEAREST, 1, 2, 100);
        submit("priority", "one producer, 2 workers, empty tasks, every tenth with priority", PRIORITY, 1, 2, 0);
        call("call", "one caller, 2 workers, empty tasks", BLOCKING, 1, 0);
        call("call4", "4 callers, 2 workers, empty tasks", NEAREST_BLOCKING, 4, 0);
        call("call1us", "one caller, 2 workers, tasks of 1 µs", NEAREST_BLOCKING, 1, 1);
        borrow("borrow", "one caller, 4 resources, empty work", 1);
        borrow("borrow4", "4 callers, 4 resources, empty work", 4);
        metrics();
        allocation();
    }

    private void submit(String section, String what, Collection<Rival> rivals, int producers, int workers, int micros)
            throws RunnerException {
        if (report.isWanted(section)) {
            Table table = new Table("Submit and run: " + what, "million tasks/s", true);
            for (Rival rival : rivals) {
                compare(table, rival, rival.title(), tasks("submit", rival, producers, workers, micros));
            }
            report.add(section, table);
        }
    }

    private void call(String section, String what, Collection<Rival> rivals, int callers, int micros)
            throws RunnerException {
        if (report.isWanted(section)) {
            Table table = new Table("Call and wait: " + what, "million calls/s", true);
            for (Rival rival : rivals) {
                compare(table, rival, rival.callTitle(), tasks("call", rival, callers, 2, micros));
            }
            ChainedOptionsBuilder floor = uses(Borrow.FLOOR, callers).param("micros", String.valueOf(micros));
            table.add(Borrow.FLOOR.title(), Jmh.scores(floor).times(1e-6));
            report.add(section, table);
        }
    }

    private static void compare(Table table, Rival rival, String title, ChainedOptionsBuilder options)
            throws RunnerException {
        if (rival.isHere()) {
            table.add(title, Jmh.scores(options).times(1e-6));
        }
    }

    private void borrow(String section, String what, int callers) throws RunnerException {
        if (report.isWanted(section)) {
            Table table = new Table("Borrow and use: " + what, "million uses/s", true);
            for (Borrow borrow : Borrow.values()) {
                table.add(borrow.title(), Jmh.scores(uses(borrow, callers)).times(1e-6));
            }
            report.add(section, table);
        }
    }

    private ChainedOptionsBuilder uses(Borrow borrow, int callers) {
        return Jmh.rate(BorrowBenchmark.class, "use", report.forks())
                .threads(callers)
                .param("borrow", borrow.name());
    }

    private void metrics() throws RunnerException {
        if (report.isWanted("metrics")) {
            Table table = new Table("`metrics()`", "µs a call", false);
            table.add(AFTER_MANY, Jmh.scores(metricsAfter(100_000_000)));
            table.add(AFTER_FEW, Jmh.scores(metricsAfter(1_000)));
            report.add("metrics", table);
        }
    }

    private ChainedOptionsBuilder metricsAfter(int tasks) {
        return Jmh.micros(MetricsBenchmark.class, "metrics", report.forks()).param("tasks", String.valueOf(tasks));
    }

    private void allocation() throws RunnerException {
        if (report.isWanted("allocation")) {
            Table table = new Table("Allocation: one producer, 2 workers, empty tasks", "bytes a task", false);
            for (Rival rival : ALLOCATING) {
                ChainedOptionsBuilder options = tasks("submit", rival, 1, 2, 0).addProfiler(GCProfiler.class);
                table.add(rival.title(), Jmh.secondary(options, NORM));
            }
            report.add("allocation", table);
            Table here = new Table("Allocation: one caller, on its own thread", "bytes a call", false);
            here.add(
                    OUR_CALL,
                    Jmh.secondary(tasks("call", Rival.TASK_MANAGER, 1, 2, 0).addProfiler(GCProfiler.class), NORM));
            here.add(
                    Borrow.RUN_TASK.title(),
                    Jmh.secondary(uses(Borrow.RUN_TASK, 1).addProfiler(GCProfiler.class), NORM));
            report.add("allocation here", here);
        }
    }

    private ChainedOptionsBuilder tasks(String method, Rival rival, int threads, int workers, int micros) {
        return Jmh.rate(TaskBenchmark.class, method, report.forks())
                .threads(threads)
                .param("rival", rival.name())
                .param("workers", String.valueOf(workers))
                .param("micros", String.valueOf(micros));
    }
}
