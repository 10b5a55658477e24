package com.example.postgresql;

import static com.example.tools.Answers.awaitNoThread;
import static com.example.tools.Answers.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.tools.Answers;
import com.example.tools.Callers;
import com.example.tools.Census;
import com.example.tools.TcpProxy;
import io.taskmanager.Task;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerHealthIndicator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/** The recipe against a PostgreSQL server, which is killed, frozen, cut off, told another password, and ends sessions. */
class PostgresTest {

    private static final int WORKERS = 2;
    private static final String TERMINATE =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'ledger'";

    private static PostgresServer server;

    @TempDir
    Path folder;

    private TcpProxy proxy;
    private ConfigurableApplicationContext application;
    private Census census;
    private TaskManager<Connection, Object> ledger;
    private Answers<Connection> answers;
    private int entries;

    @BeforeAll
    static void startServer() throws Exception {
        server = new PostgresServer();
        server.start();
        // The server itself sees to it that there are no more sessions than that.
        server.execute("CREATE ROLE ledger LOGIN CONNECTION LIMIT " + WORKERS);
        server.execute("CREATE DATABASE ledger OWNER ledger");
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void start() throws Exception {
        server.execute("ALTER ROLE ledger PASSWORD 'secret'");
        Files.writeString(folder.resolve("secret"), "secret\n");
        proxy = new TcpProxy(server.port());
        census = new Census();
        run(Duration.ofSeconds(3));
        answers.ask(1, (context, session) -> run(
                session, "DROP TABLE IF EXISTS entry", "CREATE TABLE entry (id int PRIMARY KEY, sum int)"));
        answers.await();
    }

    @SuppressWarnings("unchecked")
    private void run(Duration taskTimeout) {
        application = new SpringApplicationBuilder(Application.class)
                .initializers(context -> context.getBeanFactory().addBeanPostProcessor(census))
                .run(
                        "--ledger.url=jdbc:postgresql://127.0.0.1:" + proxy.port()
                                + "/ledger?connectTimeout=2&loginTimeout=3&socketTimeout=4",
                        "--ledger.limits=SET statement_timeout = '2s'; SET idle_in_transaction_session_timeout = '10s'",
                        "--ledger.password-file=" + folder.resolve("secret"),
                        "--taskmanager.managers.ledger.task-timeout=" + taskTimeout,
                        "--taskmanager.managers.ledger.resource-idle-validation=1ms",
                        "--taskmanager.managers.ledger.creation-backoff.max=500ms",
                        // Longer than any test waits: a stop that waits for the server is found out.
                        "--taskmanager.managers.ledger.stop-timeout=10m",
                        "--spring.lifecycle.timeout-per-shutdown-phase=10m");
        ledger = application.getBean("ledger", TaskManager.class);
        answers = new Answers<>(ledger);
    }

    @AfterEach
    void stop() throws Exception {
        try {
            answers.await();
            assertThat(idleInTransaction()).isZero();
        } finally {
            application.close();
            proxy.close();
        }
        answers.checkOneEach();
        assertThat(census.most()).isLessThanOrEqualTo(WORKERS);
        assertThat(census.living()).isZero();
        awaitUntil("no session is left on the server", () -> sessions() == 0);
        awaitNoThread("ledger-");
    }

    @Test
    void whatATaskLeavesOpenIsRolledBack() throws Exception {
        answers.ask(4, (context, session) -> {
            try (Statement statement = session.createStatement()) {
                return statement.executeUpdate("INSERT INTO entry SELECT count(*), 0 FROM entry");
            }
        });
        answers.await();

        assertThat(answers.errors()).isEmpty();
        assertThat(rows()).isZero();
        assertThat(census.created()).isLessThanOrEqualTo(WORKERS);
    }

    @Test
    void aStatementThatTakesTooLongIsNoFaultOfTheSession() {
        answers.ask(1, (context, session) -> run(session, "SELECT pg_sleep(60)"));
        answers.await();

        assertThat(answers.errors()).singleElement().satisfies(error -> assertThat(error)
                .cause()
                .isInstanceOfSatisfying(
                        SQLException.class,
                        cause -> assertThat(cause.getSQLState()).isEqualTo("57014")));
        assertThat(ledger.metrics().totalTasksRetried()).isZero();
        assertThat(census.created()).isEqualTo(WORKERS);
    }

    @Test
    void aDeadlockIsTriedAgainInTheSameSessions() {
        enter(2);
        answers.await();
        CyclicBarrier both = new CyclicBarrier(2);
        answers.ask(1, addingTo(0, 1, both));
        answers.ask(1, addingTo(1, 0, both));
        answers.await();

        assertThat(answers.errors()).isEmpty();
        assertThat(ledger.metrics().totalTasksRetried()).isEqualTo(1);
        assertThat(census.created()).isEqualTo(WORKERS);
    }

    private static Task<Connection, Object> addingTo(int first, int second, CyclicBarrier both) {
        return (context, session) -> {
            try (Statement statement = session.createStatement()) {
                statement.execute("UPDATE entry SET sum = sum + 1 WHERE id = " + first);
                if (context.attempt() == 1) {
                    both.await();
                }
            }
            return run(session, "UPDATE entry SET sum = sum + 1 WHERE id = " + second);
        };
    }

    @Test
    void aKilledServerComesBack() throws Exception {
        enter(10);
        server.kill();
        enter(10);
        awaitOutage();
        server.start();
        worksAgain();
        assertThat(answers.errors()).isEmpty();
    }

    @Test
    void aFrozenServerComesBack() throws Exception {
        enter(10);
        server.freeze();
        enter(10);
        awaitOutage();
        server.thaw();
        worksAgain();
        assertThatOnlyRunningTasksTimedOut();
    }

    @Test
    void aBlackHoleEnds() throws Exception {
        enter(10);
        proxy.becomeBlackHole();
        enter(10);
        awaitOutage();
        proxy.heal();
        worksAgain();
        assertThatOnlyRunningTasksTimedOut();
    }

    @Test
    void sessionsThatTheServerEndsAreReplaced() throws Exception {
        enter(10);
        server.execute(TERMINATE);
        worksAgain();
        assertThat(answers.errors()).isEmpty();
    }

    @Test
    void aSessionThatEndsUnderItsTaskIsReplaced() throws Exception {
        answers.ask(WORKERS, (context, session) -> {
            if (context.attempt() == 1) {
                server.execute("SELECT count(pg_terminate_backend(" + pid(session) + "))");
            }
            return run(session, "SELECT 1");
        });
        worksAgain();
        assertThat(answers.errors()).isEmpty();
        assertThat(ledger.metrics().totalTasksRetried()).isEqualTo(WORKERS);
    }

    @Test
    void idleSessionsThatTheServerEndedReachNoTask() throws Exception {
        assertThat(server.execute(TERMINATE)).isEqualTo(WORKERS);
        awaitUntil("the sessions have ended", () -> sessions() == 0);
        answers.askOnce(10, (context, session) -> run(session, "SELECT 1"));
        worksAgain();
        assertThat(answers.errors()).isEmpty();
    }

    @Test
    void aWrongPasswordIsTriedOnceUntilItIsPutRight() throws Exception {
        server.execute("ALTER ROLE ledger PASSWORD 'changed'");
        server.execute(TERMINATE);
        int before = refused();
        enter(10);
        awaitUntil("the password is refused", () -> ledger.control().isOutage()
                && census.living() == 0
                && refused() > before);
        int refused = refused();
        ledger.control().probe();
        awaitUntil("a probe asks again", () -> refused() > refused);
        Files.writeString(folder.resolve("secret"), "changed");
        assertThat(refused()).isEqualTo(refused + 1);
        ledger.control().probe();
        worksAgain();
        assertThat(answers.errors()).isEmpty();
    }

    @Test
    void aStopInAnOutageWaitsForNothing() throws Exception {
        server.kill();
        try {
            enter(10);
            awaitOutage();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(application::close);
            awaitUntil("the application has stopped", closing::isDone);
        } finally {
            server.start();
        }
        answers.await();
        assertThat(answers.errors())
                .hasSize(10)
                .allSatisfy(error -> assertThat(error).isInstanceOf(TaskCancelledException.class));
        assertThat(ledger.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    /** Some wait in the lane or for a session, of which the workers leave none; the tasks of others run. */
    @Test
    void interruptedCallersAreNoFaultOfTheServer() throws Exception {
        application.close();
        awaitUntil("no session is left on the server", () -> sessions() == 0);
        run(Duration.ofMinutes(1));
        HealthIndicator health = new TaskManagerHealthIndicator(application.getBean(TaskManagerRegistry.class), "ledger");
        for (int round = 1; round <= 5; round++) {
            Callers callers = new Callers();
            CountDownLatch both = new CountDownLatch(WORKERS);
            for (int i = 0; i < 5; i++) {
                callers.call(() -> ledger.queueTask(sleepingForEver(both)));
                callers.call(() -> ledger.runTask(sleepingForEver(both)));
            }
            if (round % 2 == 0) {
                awaitUntil("both sessions are in use", () -> both.getCount() == 0);
            }
            enter(2);
            assertThat(callers.interrupt())
                    .allSatisfy(thrown -> assertThat(thrown).isInstanceOf(InterruptedException.class));
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            worksAgain();
        }
        assertThat(answers.errors()).isEmpty();
        assertThat(census.created()).isEqualTo(2 * WORKERS);
        assertThat(ledger.control().events())
                .noneMatch(event -> event.type() == TaskManagerEvent.Type.CREATION_FAILED);
    }

    /** The driver does not listen to interrupts, so the statement is cancelled, which leaves the session as it was. */
    private static Task<Connection, Object> sleepingForEver(CountDownLatch started) {
        return (context, session) -> {
            try (Statement statement = session.createStatement()) {
                context.onCancel(() -> cancel(statement));
                started.countDown();
                while (true) {
                    statement.execute("SELECT pg_sleep(1)");
                    context.throwIfCancelled();
                }
            }
        };
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes entries that do no harm when they are made twice, as a task may commit and never hear of it. */
    private void enter(int times) {
        for (int i = 0; i < times; i++) {
            int id = entries++;
            answers.ask(1, (context, session) ->
                    run(session, "INSERT INTO entry VALUES (" + id + ", 0) ON CONFLICT DO NOTHING"));
        }
    }

    private static Object run(Connection session, String... statements) throws SQLException {
        try (Statement statement = session.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        session.commit();
        return "done";
    }

    private static int pid(Connection session) throws SQLException {
        return session.unwrap(PGConnection.class).getBackendPID();
    }

    private void awaitOutage() {
        awaitUntil("the manager is in an outage", ledger.control()::isOutage);
    }

    /** All tasks are answered, each that succeeded has made its entry, and each worker has a session. */
    private void worksAgain() throws Exception {
        enter(10);
        answers.await();
        assertThat(rows()).isBetween((long) entries - answers.errors().size(), (long) entries);
        awaitUntil("each worker has its session, and there is no other", () -> sessions() == WORKERS);
    }

    private void assertThatOnlyRunningTasksTimedOut() {
        assertThat(answers.errors())
                .hasSizeLessThanOrEqualTo(WORKERS)
                .allSatisfy(error -> assertThat(error).isInstanceOf(TaskTimeoutException.class));
    }

    private long rows() throws Exception {
        return ((Number) ledger.queueTask((context, session) -> {
                    try (Statement statement = session.createStatement();
                            var rows = statement.executeQuery("SELECT count(*) FROM entry")) {
                        rows.next();
                        return rows.getLong(1);
                    }
                }))
                .longValue();
    }

    private static long sessions() throws SQLException {
        return server.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'ledger'");
    }

    private static long idleInTransaction() throws SQLException {
        return server.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = 'ledger' AND state = 'idle in transaction'");
    }

    private static int refused() throws IOException {
        return server.log().split("password authentication failed for user \"ledger\"", -1).length - 1;
    }
}
