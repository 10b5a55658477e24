package io.taskmanager.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sections that measure whole JVMs, those of one table in turns. */
final class JvmSections {

    static final String WITH_STARTER = "with three managers";
    static final String THREE_SLOW = "of three managers";
    static final String ONE_SLOW = "of one manager";
    static final String WITHOUT_STARTER = "without the starter";
    static final String STOP_THEM = "`stop()`";
    static final String KILL_THEM = "`kill()`";
    static final String RUN_THEM = "running them";
    static final String STARTER = "a manager of the starter";
    static final String GLUE = "executor, pool, retries, timers and context, glued";
    static final String JVM_ALONE = "the JVM alone";
    static final String AFTER_MANY = "after 10⁸ tasks";
    static final String AFTER_FEW = "after 10⁶ tasks";

    private static final List<Rival> LATENCY = List.of(Rival.TASK_MANAGER, Rival.EXECUTOR);
    private static final List<Rival> QUEUED = List.of(Rival.TASK_MANAGER, Rival.EXECUTOR_FUTURE, Rival.EXECUTOR);
    private static final List<Rival> IDLE = List.of(Rival.TASK_MANAGER_SCALING, Rival.EXECUTOR_METERED, Rival.EXECUTOR);

    /** With workers that are busy for longer than this, something else had the processors. */
    private static final double GREATEST_BUSY_PERCENT = 70;

    /** The same layout of objects as with any other, and its heap is told to the byte. */
    private static final List<String> EXACT_HEAP = List.of("-XX:+UseSerialGC", "-Xmx1g");

    private final Report report;

    JvmSections(Report report) {
        this.report = report;
    }

    void run() throws IOException, InterruptedException {
        latency("latency", "2 workers, tasks of 100 µs, busy half of the time; the submitter parks", 2, false);
        latency("latency1", "one worker, tasks of 100 µs, busy half of the time; the submitter spins", 1, true);
        memory();
        growth();
        depth();
        spring();
        context();
        idle();
        startUp();
    }

    /** Where the report has the table of a quantile. */
    static String latencyKey(String section, String quantile) {
        return section + " " + quantile;
    }

    private void latency(String section, String what, int workers, boolean isSpinning)
            throws IOException, InterruptedException {
        if (report.isWanted(section)) {
            Map<Rival, Samples> measured =
                    inTurns(LATENCY, (rival, turn) -> Jvm.start(LatencyRun.class, rival, workers, isSpinning, turn));
            boolean isHalfLoaded = measured.values().stream()
                    .allMatch(samples -> samples.of("busy").median() < GREATEST_BUSY_PERCENT);
            for (String quantile : List.of("p50", "p99", "p99.9")) {
                Table table = new Table("Queue to start, " + quantile + ": " + what, "µs", false);
                measured.forEach((rival, samples) -> table.add(rival.title(), samples.of(quantile.replace(".", ""))));
                report.add(isHalfLoaded ? latencyKey(section, quantile) : section + " overloaded", table);
            }
            measured.forEach((rival, samples) -> report.note(rival.title() + ": workers busy "
                    + Table.number(samples.of("busy").median()) + " % of the time; one submission in a hundred late by "
                    + Table.number(samples.of("late").median()) + " µs or more."));
            if (!isHalfLoaded) {
                report.note("**Not half loaded: the machine was not quiet. These figures compare nothing.**");
            }
        }
    }

    private void memory() throws IOException, InterruptedException {
        if (report.isWanted("memory")) {
            Table queued = new Table("Memory: a million queued tasks", "bytes of heap a task", false);
            Map<Rival, Samples> tasks = heap("queued", QUEUED);
            tasks.forEach((rival, samples) -> queued.add(rival.title(), samples.of("bytes")));
            report.add("memory queued", queued);
            Table created = new Table("Memory: idle, 2 workers, as created", "KB of heap each", false);
            Table used = new Table("Memory: idle, 2 workers, after a thousand tasks", "KB of heap each", false);
            heap("idle", IDLE).forEach((rival, samples) -> {
                created.add(rival.title(), samples.of("created").times(1e-3));
                used.add(rival.title(), samples.of("used").times(1e-3));
            });
            report.add("memory created", created);
            report.add("memory used", used);
        }
    }

    private Map<Rival, Samples> heap(String what, List<Rival> rivals) throws IOException, InterruptedException {
        return inTurns(rivals, (rival, turn) -> Jvm.start(Jvm.classPath(), EXACT_HEAP, MemoryRun.class, what, rival));
    }

    @FunctionalInterface
    private interface Launcher {
        Jvm start(Rival rival, int turn) throws IOException;
    }

    /** One JVM after the other: each rival once in each turn. */
    private Map<Rival, Samples> inTurns(List<Rival> rivals, Launcher launcher)
            throws IOException, InterruptedException {
        Map<Rival, Samples> measured = new LinkedHashMap<>();
        for (int turn = 0; turn < report.forks(); turn++) {
            for (Rival rival : rivals) {
                measured.computeIfAbsent(rival, key -> new Samples())
                        .add(launcher.start(rival, turn).measured());
            }
        }
        return measured;
    }

    private void growth() throws IOException, InterruptedException {
        if (report.isWanted("growth")) {
            Samples heap = new Samples();
            heap.add(Jvm.start(Jvm.classPath(), EXACT_HEAP, MemoryRun.class, "growth", Rival.TASK_MANAGER)
                    .measured());
            Table table = new Table("Memory: 2 workers, one JVM", "KB of heap", false);
            table.add(AFTER_MANY, heap.of("many").times(1e-3));
            table.add(AFTER_FEW, heap.of("few").times(1e-3));
            report.add("growth", table);
        }
    }

    private void depth() throws IOException, InterruptedException {
        if (report.isWanted("depth")) {
            Samples samples = new Samples();
            for (int i = 0; i < report.forks(); i++) {
                samples.add(Jvm.start(DepthRun.class).measured());
            }
            Table table = new Table("100,000 queued empty tasks, 2 workers", "ms", false);
            table.add(STOP_THEM, samples.of("stop"));
            table.add(KILL_THEM, samples.of("kill"));
            table.add(RUN_THEM, samples.of("run"));
            report.add("depth", table);
        }
    }

    private void spring() throws IOException, InterruptedException {
        if (report.isWanted("spring")) {
            Samples samples = new Samples();
            for (int i = 0; i < report.forks(); i++) {
                samples.add(Jvm.start(SpringRun.class).measured());
            }
            for (SpringRun.Form form : SpringRun.Form.values()) {
                Table table = new Table("In a Spring Boot application: " + form.title(), "million tasks/s", true);
                table.add(STARTER, samples.of("ours_" + form.key()));
                table.add(GLUE, samples.of("glue_" + form.key()));
                report.add(springKey(form), table);
            }
        }
    }

    /** Where the report has the table of a form. */
    static String springKey(SpringRun.Form form) {
        return "spring " + form.key();
    }

    private void context() throws IOException, InterruptedException {
        if (report.isWanted("context")) {
            Samples samples = new Samples();
            for (int i = 0; i < report.forks(); i++) {
                samples.add(Jvm.start(ContextRun.class).measured());
            }
            for (SpringRun.Form form : SpringRun.Form.values()) {
                Table table = new Table("The submitter's context: " + form.title(), "ns a task", false);
                for (ContextRun.Case each : ContextRun.Case.values()) {
                    table.add(each.title(), samples.of(each.key() + "_" + form.key()));
                }
                report.add("context " + form.key(), table);
            }
        }
    }

    /** All JVMs at once, for they hardly do anything. */
    private void idle() throws IOException, InterruptedException {
        if (report.isWanted("idle")) {
            Map<String, List<Jvm>> jvms = new LinkedHashMap<>();
            for (int i = 0; i < report.forks(); i++) {
                jvms.computeIfAbsent(Rival.TASK_MANAGER_SCALING.title(), title -> new ArrayList<>())
                        .add(Jvm.start(IdleRun.class, Rival.TASK_MANAGER_SCALING));
                jvms.computeIfAbsent(Rival.EXECUTOR.title(), title -> new ArrayList<>())
                        .add(Jvm.start(IdleRun.class, Rival.EXECUTOR));
                jvms.computeIfAbsent(JVM_ALONE, title -> new ArrayList<>()).add(Jvm.start(IdleRun.class, "none"));
            }
            Table table = new Table("Idle: 50 workers that have run tasks", "% of a core", false);
            for (Map.Entry<String, List<Jvm>> row : jvms.entrySet()) {
                Samples samples = new Samples();
                for (Jvm jvm : row.getValue()) {
                    samples.add(jvm.measured());
                }
                table.add(row.getKey(), samples.of("percent"));
            }
            report.add("idle", table);
        }
    }

    private void startUp() throws IOException, InterruptedException {
        if (report.isWanted("startup")) {
            Table table = new Table("Start of a Spring Boot application", "ms from the start of its JVM", false);
            StartUp startUp = StartUp.measure(2 * report.forks() + 1);
            table.add(WITH_STARTER, startUp.with());
            table.add(WITHOUT_STARTER, startUp.without());
            report.add("startup", table);
            Table slow = new Table(
                    "Resources that take two seconds each, from the first one's begin to the end of the start",
                    "ms",
                    false);
            slow.add(THREE_SLOW, startUp.threeSlow());
            slow.add(ONE_SLOW, startUp.oneSlow());
            report.add("startup slow", slow);
        }
    }
}
