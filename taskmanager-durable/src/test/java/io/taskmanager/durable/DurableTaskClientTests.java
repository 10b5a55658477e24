package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.Backoff;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.EachDatabase;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;

/** What a client promises, on each database. */
@ParameterizedClass
@EachDatabase
class DurableTaskClientTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String url;
    private final App app;

    DurableTaskClientTests(Database database) {
        url = database.create();
        app = App.start(url);
    }

    @AfterEach
    void close() {
        app.close();
    }

    @Test
    void aTaskIsRunAndItsResultKept() throws Exception {
        TaskId id = app.client().queueTask(Work.JOB, new Job("a"));

        assertThat(app.client().await(id, Work.JOB, PATIENCE)).isEqualTo("did a");
        DurableTask task = app.task(id);
        assertThat(task.state()).isEqualTo(DurableTaskState.SUCCEEDED);
        assertThat(task.attempts()).isEqualTo(1);
        assertThat(task.node()).isNotNull();
        assertThat(task.createdAt()).isBeforeOrEqualTo(task.startedAt());
        assertThat(task.startedAt()).isBeforeOrEqualTo(task.finishedAt());
    }

    @Test
    void aResultOfNullIsNull() throws Exception {
        app.script().behaviour = (context, job) -> null;
        TaskId id = app.client().queueTask(Work.JOB, new Job("a"));

        assertThat(app.client().await(id, Work.JOB, PATIENCE)).isNull();
    }

    @Test
    void eachFormHasItsLaneAndItsPromise() {
        List<TaskId> ids = List.of(
                app.client().queueTask(Work.JOB, new Job("a")),
                app.client().queueTaskWithPriority(Work.JOB, new Job("b")),
                app.client().queueTaskOnce(Work.JOB, new Job("c")),
                app.client().queueTaskWithPriorityOnce(Work.JOB, new Job("d")));

        ids.forEach(id -> app.await(id, DurableTaskState.SUCCEEDED));
        assertThat(ids).map(app::task).map(DurableTask::priority).containsExactly(false, true, false, true);
        assertThat(ids).map(app::task).map(DurableTask::once).containsExactly(false, false, true, true);
    }

    @Test
    void aTaskKnowsItsIdAndItsDelivery() throws Exception {
        List<Integer> deliveries = new ArrayList<>();
        app.script().behaviour = (context, job) -> {
            deliveries.add(context.delivery());
            if (context.delivery() < 3) {
                throw new IOException("not yet");
            }
            return context.taskId().toString();
        };
        TaskId id = app.client().queueTask(Work.JOB, new Job("a"));

        assertThat(app.client().await(id, Work.JOB, PATIENCE)).isEqualTo(id.toString());
        assertThat(deliveries).containsExactly(1, 2, 3);
        assertThat(app.task(id).attempts()).isEqualTo(3);
    }

    @Test
    void atLeastOnceEndsAsDeadLetterWhenItsRetriesAreSpent() {
        app.script().behaviour = failing();
        TaskId id = app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("a"))
                        .maxRetries(2)
                        .backoff(Backoff.none())
                        .build());

        DurableTask task = app.await(id, DurableTaskState.DEAD_LETTER);

        assertThat(task.attempts()).isEqualTo(3);
        assertThat(app.script().starts).hasSize(3);
        assertThat(task.lastError()).isEqualTo(IOException.class.getName());
        assertThat(task.lastErrorMessage()).isEqualTo("no disk");
        assertThatExceptionOfType(DurableTaskException.class)
                .isThrownBy(() -> app.client().await(id, Work.JOB, PATIENCE))
                .satisfies(e -> assertThat(e.state()).isEqualTo(DurableTaskState.DEAD_LETTER))
                .satisfies(e -> assertThat(e.error()).contains(IOException.class.getName()));
    }

    @Test
    void atMostOnceEndsAsFailedAfterOneError() {
        app.script().behaviour = failing();
        TaskId id = app.client().queueTaskOnce(Work.JOB, new Job("a"));

        assertThat(app.await(id, DurableTaskState.FAILED).attempts()).isEqualTo(1);
        assertThat(app.script().starts).hasSize(1);
    }

    @Test
    void anErrorIsAFailureAsAnExceptionIs() {
        app.script().behaviour = (context, job) -> {
            throw new StackOverflowError("deep");
        };
        TaskId id = app.client().queueTaskOnce(Work.JOB, new Job("a"));

        assertThat(app.await(id, DurableTaskState.FAILED).lastError()).isEqualTo(StackOverflowError.class.getName());
    }

    @Test
    void aDelayedTaskIsNotRunBefore() {
        TaskId delayed = app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("late"))
                        .delay(Duration.ofHours(1))
                        .build());
        TaskId at = app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("at"))
                        .at(Instant.now().plus(Duration.ofHours(1)))
                        .build());
        app.await(app.client().queueTask(Work.JOB, new Job("now")), DurableTaskState.SUCCEEDED);

        assertThat(List.of(delayed, at)).map(app::task).map(DurableTask::state).containsOnly(DurableTaskState.QUEUED);
        assertThat(app.script().starts).containsExactly("now");
    }

    @Test
    void aTaskOfATransactionIsSeenByItsCommit() {
        TaskId id = app.transaction().execute(status -> {
            TaskId queued = app.client().queueTask(Work.JOB, new Job("a"));
            assertThatThrownBy(() -> app.client().await(queued, Work.JOB, PATIENCE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("before the commit");
            return queued;
        });

        app.await(id, DurableTaskState.SUCCEEDED);
    }

    @Test
    void aTaskOfATransactionThatIsRolledBackNeverWas() {
        TaskId id = app.transaction().execute(status -> {
            status.setRollbackOnly();
            return app.client()
                    .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("a"))
                            .key("k")
                            .build());
        });
        TaskId next = app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("b"))
                        .key("k")
                        .build());

        assertThat(next).isNotEqualTo(id);
        app.await(next, DurableTaskState.SUCCEEDED);
        assertThat(app.client().find(id)).isEmpty();
        assertThat(app.script().starts).containsExactly("b");
    }

    @Test
    void oneKeyIsOneTaskEvenWhenItHasEnded() {
        DurableTaskRequest<Job> request =
                DurableTaskRequest.builder(Work.JOB, new Job("a")).key("k").build();
        TaskId id = app.client().enqueue(request);
        app.await(id, DurableTaskState.SUCCEEDED);

        assertThat(app.client().enqueue(request)).isEqualTo(id);
        assertThat(app.client().enqueueAll(List.of(request, request))).containsExactly(id, id);
        assertThat(app.task(id).key()).isEqualTo("k");
    }

    @Test
    void oneKeyIsOneTaskForATransactionThatHasReadBeforeTheOtherQueuedIt() {
        DurableTaskRequest<Job> request =
                DurableTaskRequest.builder(Work.JOB, new Job("a")).key("key").build();
        TaskId read = app.client().queueTask(Work.JOB, new Job("b"));
        AtomicReference<TaskId> theirs = new AtomicReference<>();

        TaskId ours = app.transaction().execute(status -> {
            app.task(read);
            theirs.set(CompletableFuture.supplyAsync(() -> app.client().enqueue(request))
                    .join());
            return app.client().enqueue(request);
        });

        assertThat(ours).isEqualTo(theirs.get());
    }

    @Test
    void awaitsWithinATransactionThatHasReadBeforeTheEnd() {
        CountDownLatch gate = new CountDownLatch(1);
        app.script().behaviour = (context, job) -> {
            gate.await();
            return "done";
        };
        TaskId id = app.client().queueTask(Work.JOB, new Job("a"));

        String result = app.transaction().execute(status -> {
            assertThat(app.task(id).state().isFinal()).isFalse();
            gate.countDown();
            try {
                return app.client().await(id, Work.JOB, PATIENCE);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(result).isEqualTo("done");
    }

    /** Another node may be anywhere. */
    @Test
    void timesAreTheSameInEveryZone() {
        TaskId id = app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("a"))
                        .delay(Duration.ofHours(1))
                        .build());
        Instant due = app.task(id).dueAt();
        TimeZone zone = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
        try (App other = App.start(url)) {
            assertThat(other.task(id).dueAt()).isEqualTo(due);
            TaskId now = other.client().queueTask(Work.JOB, new Job("b"));
            other.await(now, DurableTaskState.SUCCEEDED);
            assertThat(app.task(now).finishedAt()).isBetween(due.minus(Duration.ofHours(1)), due);
        } finally {
            TimeZone.setDefault(zone);
        }
        assertThat(app.task(id).state()).isEqualTo(DurableTaskState.QUEUED);
    }

    @Test
    void oneKeyIsOneTaskInARace() throws Exception {
        int threads = 8;
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Future<TaskId>> ids = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            ids.add(executor.submit(() -> {
                together.await();
                return app.client()
                        .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("a"))
                                .key("k")
                                .build());
            }));
        }
        executor.shutdown();

        assertThat(ids).map(Future::get).allMatch(ids.get(0).get()::equals);
        app.await(ids.get(0).get(), DurableTaskState.SUCCEEDED);
        assertThat(app.script().starts).hasSize(1);
    }

    @Test
    void aBatchIsQueuedInOrderAllOrNone() {
        List<DurableTaskRequest<Job>> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            requests.add(DurableTaskRequest.of(Work.JOB, new Job("" + i)));
        }
        List<TaskId> ids = app.client().enqueueAll(requests);
        assertThat(ids).hasSize(100).doesNotHaveDuplicates();
        ids.forEach(id -> app.await(id, DurableTaskState.SUCCEEDED));
        assertThat(app.script().starts).hasSize(100);

        requests.add(DurableTaskRequest.of(Work.JOB, new Job("x".repeat(2_000_000))));
        assertThatThrownBy(() -> app.client().enqueueAll(requests))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("max-payload-size");
        assertThat(app.client().list(DurableTaskQuery.all().limit(1000)).tasks())
                .hasSize(100);
        assertThat(app.client().enqueueAll(List.<DurableTaskRequest<Job>>of())).isEmpty();
    }

    @Test
    void theLaneOfPriorityGoesFirst() {
        Semaphore ends = new Semaphore(0);
        app.script().behaviour = (context, job) -> {
            ends.acquire();
            return null;
        };
        app.client().queueTask(Work.JOB, new Job("occupies"));
        app.client().queueTask(Work.JOB, new Job("occupies"));
        awaitStarts(2);
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ids.add(app.client().queueTask(Work.JOB, new Job("main")));
        }
        ids.add(app.client().queueTaskWithPriority(Work.JOB, new Job("priority")));

        // One at a time: or a worker that has taken the one of priority could be held up, and the other run on.
        for (int started = 3; started <= 13; started++) {
            ends.release();
            awaitStarts(started);
        }
        ends.release(2);
        ids.forEach(id -> app.await(id, DurableTaskState.SUCCEEDED));
        // After those that run, and those that were fetched while it came: before most, and it was queued after all.
        assertThat(app.script().starts.indexOf("priority")).isBetween(2, 7);
    }

    private void awaitStarts(int count) {
        org.awaitility.Awaitility.await().until(() -> app.script().starts.size() == count);
    }

    @Test
    void aQueuedTaskCanBeCancelledAndARunningOneNot() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        app.script().behaviour = (context, job) -> {
            gate.await();
            return "done";
        };
        TaskId running = app.client().queueTask(Work.JOB, new Job("running"));
        org.awaitility.Awaitility.await().until(() -> app.script().starts.size() == 1);
        TaskId queued = app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("queued"))
                        .delay(Duration.ofHours(1))
                        .build());

        assertThat(app.task(running).state()).isEqualTo(DurableTaskState.RUNNING);
        assertThat(app.client().cancel(running)).isFalse();
        assertThat(app.client().cancel(queued)).isTrue();
        assertThat(app.client().cancel(queued)).isFalse();
        assertThat(app.task(queued).state()).isEqualTo(DurableTaskState.CANCELLED);
        assertThatExceptionOfType(TaskCancelledException.class)
                .isThrownBy(() -> app.client().await(queued, Work.JOB, PATIENCE));
        gate.countDown();
        assertThat(app.client().await(running, Work.JOB, PATIENCE)).isEqualTo("done");
        assertThat(app.client().cancel(running)).isFalse();
    }

    @Test
    void whatHasFailedCanBeRedriven() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        app.script().behaviour = (context, job) -> {
            if (failures.getAndDecrement() > 0) {
                throw new IOException("no disk");
            }
            return "delivery " + context.delivery();
        };
        TaskId once = app.client().queueTaskOnce(Work.JOB, new Job("once"));
        app.await(once, DurableTaskState.FAILED);
        TaskId dead = app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("dead"))
                        .maxRetries(0)
                        .build());
        app.await(dead, DurableTaskState.DEAD_LETTER);

        assertThat(app.client().redrive(once)).isTrue();
        assertThat(app.client().redrive(dead)).isTrue();

        assertThat(app.client().await(once, Work.JOB, PATIENCE)).isEqualTo("delivery 2");
        assertThat(app.client().await(dead, Work.JOB, PATIENCE)).isEqualTo("delivery 2");
        assertThat(app.client().redrive(once)).isFalse();
        assertThat(app.client().redrive(new TaskId(UUID.randomUUID()))).isFalse();
    }

    @Test
    void awaitEndsWithItsTimeoutAndRefusesWhatItCantAwait() {
        TaskId id = app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("late"))
                        .delay(Duration.ofHours(1))
                        .build());

        assertThatExceptionOfType(TaskTimeoutException.class)
                .isThrownBy(() -> app.client().await(id, Work.JOB, Duration.ofMillis(50)))
                .withMessageContaining("QUEUED");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() ->
                        app.client().await(id, TaskType.of("other", Job.class, String.class), Duration.ofMillis(50)))
                .withMessageContaining("\"job\"");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> app.client().await(new TaskId(UUID.randomUUID()), Work.JOB, Duration.ofMillis(50)));
    }

    @Test
    void listsPageByPageNewestFirst() {
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            ids.add(app.client().queueTask(Work.JOB, new Job("" + i)));
            app.await(ids.get(i), DurableTaskState.SUCCEEDED);
        }
        ids.add(app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("late"))
                        .delay(Duration.ofHours(1))
                        .build()));

        List<TaskId> listed = new ArrayList<>();
        DurableTaskQuery query = DurableTaskQuery.all().type(Work.JOB).limit(10);
        DurableTaskPage page = app.client().list(query);
        page.tasks().forEach(task -> listed.add(task.id()));
        while (page.next().isPresent()) {
            page = app.client().list(query.before(page.next().get()));
            page.tasks().forEach(task -> listed.add(task.id()));
        }

        assertThat(listed).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(listed).map(TaskId::toString).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(app.client()
                        .list(DurableTaskQuery.all().state(DurableTaskState.QUEUED))
                        .tasks())
                .map(DurableTask::id)
                .containsExactly(ids.get(25));
        assertThat(app.client().list(DurableTaskQuery.all().type("other")).tasks())
                .isEmpty();
    }

    @Test
    void listsNewestFirstWhatWasQueuedWithinAMillisecond() {
        DurableTaskRequest<Job> later = DurableTaskRequest.builder(Work.JOB, new Job("a"))
                .delay(Duration.ofHours(1))
                .build();
        List<TaskId> ids = new ArrayList<>(app.client().enqueueAll(Collections.nCopies(100, later)));
        for (int i = 0; i < 100; i++) {
            ids.add(app.client().enqueue(later));
        }
        Collections.reverse(ids);

        assertThat(app.client().list(DurableTaskQuery.all().limit(1000)).tasks())
                .map(DurableTask::id)
                .isEqualTo(ids);
    }

    private static Work.Behaviour failing() {
        return (context, job) -> {
            throw new IOException("no disk");
        };
    }
}
