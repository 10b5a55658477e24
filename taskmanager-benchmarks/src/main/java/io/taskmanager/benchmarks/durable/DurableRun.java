package io.taskmanager.benchmarks.durable;

import com.zaxxer.hikari.HikariDataSource;
import io.taskmanager.benchmarks.Machine;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Queues and runs empty tasks by both, in turns, on one PostgreSQL that writes each commit to its disk; prints a table of medians.
 * Argument: {@code rounds=5}.
 */
public final class DurableRun {

    /** Of each node. */
    static final int THREADS = 8;

    static final int CONNECTIONS = 12;
    static final Duration POLLING_INTERVAL = Duration.ofMillis(100);

    private static final int ONE_BY_ONE = 2_000;
    private static final int BATCHES = 10;
    private static final int BATCH = 1_000;
    private static final int TO_RUN = 10_000;
    private static final int HISTORY = 1_000_000;

    private final JdbcTemplate jdbc;
    private final int rounds;

    private DurableRun(JdbcTemplate jdbc, int rounds) {
        this.jdbc = jdbc;
        this.rounds = rounds;
    }

    public static void main(String[] args) throws IOException {
        int rounds = Arrays.stream(args)
                .filter(arg -> arg.startsWith("rounds="))
                .mapToInt(arg -> Integer.parseInt(arg.substring("rounds=".length())))
                .findFirst()
                .orElse(5);
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .start()) {
            String url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres?user=postgres";
            HikariDataSource dataSource = dataSource(url);
            JdbcTemplate jdbc = new JdbcTemplate(dataSource);
            jdbc.execute(DbScheduler.SCHEMA);
            String schema = new ClassPathResource("/io/taskmanager/durable/schema-postgresql.sql")
                    .getContentAsString(StandardCharsets.UTF_8);
            jdbc.execute(schema);
            jdbc.execute(schema.replace(Ours.TABLES, Ours.OLD_TABLES));
            System.out.println(
                    Machine.describe() + "- " + jdbc.queryForObject("select version()", String.class) + "\n- rounds: "
                            + rounds + ", after one that is not counted; threads of each node: " + THREADS
                            + "; each looks for tasks every " + POLLING_INTERVAL.toMillis() + " ms\n");
            try (Side theirs = new DbScheduler(dataSource(url));
                    Ours ours = new Ours(url, false, Ours.TABLES);
                    Ours result = new Ours(url, true, Ours.TABLES);
                    Ours old = new Ours(url, false, Ours.OLD_TABLES);
                    Ours oldResult = new Ours(url, true, Ours.OLD_TABLES)) {
                new DurableRun(jdbc, rounds).print(theirs, ours, result, old, oldResult);
            }
            dataSource.close();
        }
    }

    private static HikariDataSource dataSource(String url) {
        HikariDataSource dataSource = new HikariDataSource();
        dataSource.setJdbcUrl(url);
        dataSource.setMaximumPoolSize(2 * CONNECTIONS);
        return dataSource;
    }

    private void print(Side theirs, Ours ours, Ours result, Ours old, Ours oldResult) {
        jdbc.execute("insert into " + Ours.OLD_TABLES
                + "history (task_instance, task_name, state, priority, at_most_once, deliveries,"
                + " execution_time, finished_at) select '01910000-0000-7000-8000-' || lpad(n::text, 12, '0'), 'without',"
                + " 'SUCCEEDED', 0, false, 1, now(), now() from generate_series(1, " + HISTORY + ") n");
        jdbc.execute("vacuum analyze " + Ours.OLD_TABLES + "history");
        System.out.println("| what | tasks/s | least to greatest | of db-scheduler |\n|---|---|---|---|");
        compare("queued one by one", this::oneByOne, theirs, ours, old);
        compare("queued in batches of 1000", this::batches, theirs, ours, old);
        compare("run by one node", side -> run(side, 1), theirs, ours, result, old, oldResult);
        compare("run by two nodes", side -> run(side, 2), theirs, ours, result);
        ours.latencies(rounds * 100).forEach(System.out::println);
    }

    private void compare(String what, ToDoubleFunction<Side> measure, Side... sides) {
        List<List<Double>> rates = new ArrayList<>();
        for (Side side : sides) {
            double unused = measure.applyAsDouble(side);
            rates.add(new ArrayList<>());
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < sides.length; i++) {
                rates.get(i).add(measure.applyAsDouble(sides[i]));
            }
        }
        double theirs = median(rates.get(0));
        for (int i = 0; i < sides.length; i++) {
            List<Double> own = rates.get(i).stream().sorted().toList();
            System.out.printf(
                    "| %s: %s | %,.0f | %,.0f to %,.0f | %s |%n",
                    what,
                    sides[i].name(),
                    median(own),
                    own.get(0),
                    own.get(own.size() - 1),
                    i == 0 ? "" : String.format("%.2f ×", median(own) / theirs));
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private double oneByOne(Side side) {
        double rate = rate(ONE_BY_ONE, () -> side.enqueueOneByOne(ONE_BY_ONE));
        jdbc.execute("truncate " + side.table());
        return rate;
    }

    private double batches(Side side) {
        double rate = rate(BATCHES * BATCH, () -> {
            for (int i = 0; i < BATCHES; i++) {
                side.enqueueBatch(BATCH);
            }
        });
        jdbc.execute("truncate " + side.table());
        return rate;
    }

    /** The nodes are warm and run tasks already when the last is queued; what is then left is counted. */
    private double run(Side side, int nodes) {
        jdbc.execute("truncate " + Ours.TABLES + "history");
        side.enqueueBatch(BATCH);
        // With some in it: plans that are made for an empty table read it from end to end, by whichever statement.
        jdbc.execute("vacuum analyze " + side.table());
        side.startNodes(nodes);
        awaitEmpty(side);
        for (int i = 0; i < TO_RUN / BATCH; i++) {
            side.enqueueBatch(BATCH);
        }
        double rate = rate(left(side), () -> awaitEmpty(side));
        side.stopNodes();
        return rate;
    }

    private long left(Side side) {
        Long left = jdbc.queryForObject("select count(*) from " + side.table(), Long.class);
        return left == null ? 0 : left;
    }

    private void awaitEmpty(Side side) {
        while (Boolean.TRUE.equals(
                jdbc.queryForObject("select exists (select 1 from " + side.table() + ")", Boolean.class))) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static double rate(long tasks, Runnable run) {
        long start = System.nanoTime();
        run.run();
        return tasks / ((System.nanoTime() - start) / 1e9);
    }
}
