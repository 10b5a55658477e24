package com.example.sftp;

import static com.example.tools.Answers.awaitNoThread;
import static com.example.tools.Answers.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.tools.Answers;
import com.example.tools.Callers;
import com.example.tools.Census;
import com.example.tools.TcpProxy;
import io.taskmanager.Task;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerState;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerHealthIndicator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.common.SftpException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/** The recipe against a server of Apache MINA SSHD, which is killed, frozen, cut off and told another password. */
class SftpTest {

    private static final int WORKERS = 2;
    private static final Task<SftpClient, Object> READ = (context, sftp) -> {
        try (InputStream file = sftp.read("file")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    };

    @TempDir
    Path folder;

    private ServerProcess server;
    private TcpProxy proxy;
    private ConfigurableApplicationContext application;
    private Census census;
    private TaskManager<SftpClient, Object> archive;
    private Answers<SftpClient> answers;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectory(folder.resolve("files"));
        Files.writeString(folder.resolve("files/file"), "content");
        Files.writeString(folder.resolve("password"), "secret");
        Files.writeString(folder.resolve("secret"), "secret\n");
        server = new ServerProcess(folder);
        server.start();
        proxy = new TcpProxy(server.port());
        Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:" + proxy.port() + " " + Files.readString(folder.resolve("host-key.pub")));
        census = new Census();
        run("--taskmanager.managers.archive.resource-idle-validation=1ms");
    }

    @SuppressWarnings("unchecked")
    private void run(String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "--sftp.url=ssh://archivist@127.0.0.1:" + proxy.port(),
                "--sftp.password-file=" + folder.resolve("secret"),
                "--sftp.known-hosts=" + folder.resolve("known_hosts"),
                "--sftp.timeout=2s",
                "--taskmanager.managers.archive.task-timeout=20s",
                "--taskmanager.managers.archive.validation-timeout=2s",
                "--taskmanager.managers.archive.creation-backoff.max=500ms",
                // Longer than any test waits: a stop that waits for the server is found out.
                "--taskmanager.managers.archive.stop-timeout=10m",
                "--spring.lifecycle.timeout-per-shutdown-phase=10m"));
        settings.addAll(List.of(more));
        application = new SpringApplicationBuilder(Application.class)
                .initializers(context -> context.getBeanFactory().addBeanPostProcessor(census))
                .run(settings.toArray(String[]::new));
        archive = application.getBean("archive", TaskManager.class);
        answers = new Answers<>(archive);
    }

    @AfterEach
    void stop() throws Exception {
        try {
            checkThatAllBalances();
        } finally {
            application.close();
            server.close();
            proxy.close();
        }
    }

    private void checkThatAllBalances() {
        answers.await();
        application.close();
        answers.checkOneEach();
        assertThat(census.most()).isLessThanOrEqualTo(WORKERS);
        assertThat(census.living()).isZero();
        awaitUntil("no session is left on the server", () -> server.sessions() == 0);
        awaitNoThread("archive-");
    }

    @Test
    void whatTheServerSaysOfAFileIsNoFaultOfTheSession() {
        answers.ask(10, (context, sftp) -> sftp.stat("no such file"));
        answers.await();

        assertThat(answers.errors())
                .hasSize(10)
                .allSatisfy(error ->
                        assertThat(error).isInstanceOf(TaskExecutionException.class).hasCauseInstanceOf(SftpException.class));
        assertThat(census.created()).isEqualTo(WORKERS);
        assertThat(archive.metrics().totalTasksRetried()).isZero();
    }

    @Test
    void aKilledServerComesBack() throws Exception {
        answers.ask(10, READ);
        server.kill();
        answers.ask(10, READ);
        awaitOutage();
        server.start();
        worksAgain();
    }

    @Test
    void aFrozenServerComesBack() throws Exception {
        answers.ask(10, READ);
        server.freeze();
        answers.ask(10, READ);
        awaitOutage();
        server.thaw();
        worksAgain();
    }

    @Test
    void aBlackHoleEnds() throws Exception {
        answers.ask(10, READ);
        proxy.becomeBlackHole();
        answers.ask(10, READ);
        awaitOutage();
        proxy.heal();
        worksAgain();
    }

    /** Nobody uses the sessions: their heartbeat alone tells. A task that may not be retried never sees a dead one. */
    @Test
    void idleSessionsBehindABlackHoleAreFoundDead() {
        List<SftpClient> idle = new CopyOnWriteArrayList<>();
        CyclicBarrier both = new CyclicBarrier(WORKERS);
        answers.ask(WORKERS, (context, sftp) -> {
            both.await();
            return idle.add(sftp);
        });
        answers.await();
        proxy.becomeBlackHole();
        awaitUntil("the heartbeat finds them dead", () -> idle.stream().noneMatch(SftpClient::isOpen));
        proxy.heal();

        answers.askOnce(10, READ);
        worksAgain();
    }

    @Test
    void sessionsThatTheServerEndsAreReplaced() throws Exception {
        answers.ask(10, READ);
        server.disconnectAll();
        worksAgain();
    }

    @Test
    void aWrongPasswordIsTriedOnceUntilItIsPutRight() throws Exception {
        Files.writeString(folder.resolve("password"), "changed");
        server.disconnectAll();
        answers.ask(10, READ);
        awaitUntil("the password is refused", () -> archive.control().isOutage()
                && census.living() == 0
                && server.refused() > 0);
        int refused = server.refused();
        archive.control().probe();
        awaitUntil("a probe asks again", () -> server.refused() > refused);
        Files.writeString(folder.resolve("secret"), "changed");
        assertThat(server.refused()).isEqualTo(refused + 1);
        archive.control().probe();
        worksAgain();
    }

    @Test
    void aStopInAnOutageWaitsForNothing() throws Exception {
        server.kill();
        answers.ask(10, READ);
        awaitOutage();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(application::close);
        awaitUntil("the application has stopped", closing::isDone);
        answers.await();
        assertThat(answers.errors())
                .hasSize(10)
                .allSatisfy(error -> assertThat(error).isInstanceOf(TaskCancelledException.class));
        assertThat(archive.state()).isEqualTo(TaskManagerState.TERMINATED);
        server.start();
    }

    /** Some wait in the lane, for a session or for their log-in; the tasks of others run, on the worker or on their own thread. */
    @Test
    void interruptedCallersAreNoFaultOfTheServer() {
        application.close();
        run("--taskmanager.managers.archive.worker-count=1", "--taskmanager.managers.archive.max-worker-count=1");
        HealthIndicator health = new TaskManagerHealthIndicator(application.getBean(TaskManagerRegistry.class), "archive");
        for (int round = 1; round <= 5; round++) {
            Callers callers = new Callers();
            CountDownLatch both = new CountDownLatch(2);
            for (int i = 0; i < 5; i++) {
                callers.call(() -> archive.queueTask(readingForEver(both)));
                callers.call(() -> archive.runTask(readingForEver(both)));
            }
            if (round % 2 == 0) {
                awaitUntil("both sessions are in use", () -> both.getCount() == 0);
            }
            answers.ask(2, READ);
            assertThat(callers.interrupt())
                    .allSatisfy(thrown -> assertThat(thrown).isInstanceOf(InterruptedException.class));
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            answers.await();
            assertThat(answers.errors()).isEmpty();
            awaitUntil("there are no more sessions than may be", () -> server.sessions() <= 2);
        }
        assertThat(archive.control().events())
                .noneMatch(event -> event.type() == TaskManagerEvent.Type.CREATION_FAILED);
    }

    private static Task<SftpClient, Object> readingForEver(CountDownLatch started) {
        return (context, sftp) -> {
            started.countDown();
            while (true) {
                READ.execute(context, sftp);
            }
        };
    }

    private void awaitOutage() {
        awaitUntil("the manager is in an outage", archive.control()::isOutage);
    }

    /** All tasks succeed, those that were asked for in the midst of it too, and the server has as many sessions as before. */
    private void worksAgain() {
        answers.ask(10, READ);
        answers.await();
        assertThat(answers.errors()).isEmpty();
        awaitUntil("each worker has its session, and there is no other", () -> server.sessions() == WORKERS);
    }
}
