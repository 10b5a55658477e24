package io.taskmanager.sample.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskmanager.TaskManager;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.image.Pictures;
import io.taskmanager.sample.web.Service.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The service with its image workers held by a gate: what the actuator says, and what people are told. */
@TestPropertySource(
        properties = {
            "photos.import-window=8",
            "taskmanager.managers.images.burst-interval=0s",
            "taskmanager.managers.images.priority-queue-capacity=2",
        })
class BusyHttpTest extends ServiceHttpTest {

    private static final int WORKERS = 2;
    private static final int WINDOW = 8;
    private static final int MANY = 20;

    @Autowired
    TaskManager<ImageProcessor, Object> images;

    private final CountDownLatch gate = new CountDownLatch(1);

    @DynamicPropertySource
    static void useRoot(DynamicPropertyRegistry properties) throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        Files.createDirectory(root.resolve("one"));
        Files.write(root.resolve("one/1.jpg"), Pictures.numbered(1));
        Files.createDirectory(root.resolve("many"));
        for (int number = 0; number < MANY; number++) {
            Files.write(root.resolve("many/" + number + ".jpg"), Pictures.numbered(number));
        }
        properties.add("photos.import-root", () -> root);
    }

    @Test
    void theActuatorAndPrometheusTellTheTruthWhileTasksRun() throws Exception {
        long completed = images.metrics().totalTasksCompleted();
        long failed = images.metrics().totalTasksFailed();
        var held = hold();
        var main = queue(3);
        var priority = queueWithPriority(2);

        Answer seen = service.get("/actuator/taskmanager/images");
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.<Integer>json("$.stats.baseWorkers")).isEqualTo(WORKERS);
        assertThat(seen.<Integer>json("$.stats.activeWorkers")).isEqualTo(WORKERS);
        assertThat(seen.<Integer>json("$.stats.burstWorkers")).isZero();
        assertThat(seen.<Integer>json("$.stats.busyWorkers")).isEqualTo(WORKERS);
        assertThat(seen.<Integer>json("$.stats.queuedTasks")).isEqualTo(3);
        assertThat(seen.<Integer>json("$.stats.priorityTasks")).isEqualTo(2);
        assertThat(seen.<Integer>json("$.stats.availableResources")).isEqualTo(1);
        awaitScrape(
                "taskmanager_queue_tasks{lane=\"main\",name=\"images\"} 3.0",
                "taskmanager_queue_tasks{lane=\"priority\",name=\"images\"} 2.0",
                "taskmanager_workers_busy{name=\"images\"} 2.0");

        gate.countDown();
        CompletableFuture.allOf(held, main, priority).get(30, TimeUnit.SECONDS);
        assertThat(service.post("/photos", "image/jpeg", new byte[9]).status()).isEqualTo(422);

        Answer after = service.get("/actuator/taskmanager/images");
        assertThat(after.<Integer>json("$.metrics.totalTasksCompleted")).isEqualTo((int) completed + WORKERS + 5);
        assertThat(after.<Integer>json("$.metrics.totalTasksFailed")).isEqualTo((int) failed + 1);
        assertThat(after.<Integer>json("$.stats.queuedTasks")).isZero();
        awaitScrape(
                "taskmanager_tasks_completed_total{name=\"images\"} " + (completed + WORKERS + 5) + ".0",
                "taskmanager_tasks_failed_total{name=\"images\"} " + (failed + 1) + ".0");
        assertThat(service.get("/actuator/taskmanager").text()).contains("images", "catalog");
    }

    @Test
    void aFullQueueIs503AndSaysWhenToComeBack() throws Exception {
        String self =
                service.post("/photos", "image/jpeg", Pictures.numbered(1)).json("$.links.self");
        var held = hold();
        var waiting = queueWithPriority(2);

        for (Answer answer : List.of(
                service.post("/photos", "image/jpeg", Pictures.numbered(2)),
                service.get(self + "/thumbnail?width=50"))) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("2");
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        }
        // Past the queue, and what needs no processor, still works.
        assertThat(service.get(self + "/preview").status()).isEqualTo(200);
        assertThat(service.get(self + "/thumbnail?width=160").status()).isEqualTo(200);

        gate.countDown();
        CompletableFuture.allOf(held, waiting).get(30, TimeUnit.SECONDS);
        assertThat(service.post("/photos", "image/jpeg", Pictures.numbered(2)).status())
                .isEqualTo(201);
    }

    @Test
    void importsWaitForEachOtherButNotWithoutEnd() throws Exception {
        var held = hold();
        List<String> accepted = new ArrayList<>();
        Answer answer = startImport();
        while (answer.status() == 202 && accepted.size() < 100) {
            accepted.add(answer.header("Location"));
            answer = startImport();
        }

        assertThat(accepted).hasSize(1 + 16);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("2");
        assertThat(service.get(accepted.get(0)).<String>json("$.state")).isEqualTo("RUNNING");
        assertThat(service.get(accepted.get(16)).<String>json("$.state")).isEqualTo("WAITING");

        gate.countDown();
        held.get(30, TimeUnit.SECONDS);
        await().untilAsserted(() -> assertThat(service.get(accepted.get(16)).<String>json("$.state"))
                .isEqualTo("DONE"));
        assertThat(service.get(accepted.get(16)).<Integer>json("$.done")).isEqualTo(1);
    }

    @Test
    void anImportIsCancelledWhetherItRunsOrWaits() throws Exception {
        var held = hold();
        String running = startImport("many").header("Location");
        String waiting = startImport("many").header("Location");
        await().until(() -> service.get(running).<String>json("$.state").equals("RUNNING"));
        await().until(() -> images.stats().queuedTasks() == WINDOW);

        assertThat(service.delete(waiting).<String>json("$.state")).isEqualTo("CANCELLED");
        assertThat(service.delete(running).<String>json("$.state")).isEqualTo("RUNNING");

        gate.countDown();
        held.get(30, TimeUnit.SECONDS);
        await().untilAsserted(() ->
                assertThat(service.get(running).<String>json("$.state")).isEqualTo("CANCELLED"));
        assertThat(service.get(running).<Integer>json("$.done")).isEqualTo(WINDOW);
        assertThat(service.get(running).<Integer>json("$.remaining")).isEqualTo(MANY - WINDOW);
        assertThat(service.get(waiting).<Integer>json("$.total")).isZero();
    }

    private Answer startImport() throws IOException, InterruptedException {
        return startImport("one");
    }

    private Answer startImport(String name) throws IOException, InterruptedException {
        return service.postJson("/imports", "{\"folder\": \"" + name + "\"}");
    }

    /** One reading serves all scrapes of a moment, so a scrape may show the numbers of the moment before. */
    private void awaitScrape(String... lines) {
        await().untilAsserted(() ->
                assertThat(service.get("/actuator/prometheus").text()).contains(lines));
    }

    /** Gives every worker a task that waits for the gate. */
    private CompletableFuture<Void> hold() {
        CompletableFuture<Void> held = queue(WORKERS);
        await().until(() -> images.stats().busyWorkers() == WORKERS);
        return held;
    }

    private CompletableFuture<Void> queue(int tasks) {
        return allOf(tasks, () -> images.<Boolean>queueTaskAsync((context, processor) -> waitForGate()));
    }

    private CompletableFuture<Void> queueWithPriority(int tasks) {
        return allOf(tasks, () -> images.<Boolean>queueTaskWithPriorityAsync((context, processor) -> waitForGate()));
    }

    private static CompletableFuture<Void> allOf(
            int tasks, java.util.function.Supplier<CompletableFuture<Boolean>> submit) {
        return CompletableFuture.allOf(
                IntStream.range(0, tasks).mapToObj(i -> submit.get()).toArray(CompletableFuture[]::new));
    }

    private boolean waitForGate() throws InterruptedException {
        return gate.await(60, TimeUnit.SECONDS);
    }
}
