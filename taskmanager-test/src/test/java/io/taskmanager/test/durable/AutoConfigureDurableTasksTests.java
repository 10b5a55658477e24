package io.taskmanager.test.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskException;
import io.taskmanager.durable.DurableTaskPage;
import io.taskmanager.durable.DurableTaskQuery;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.TaskType;
import io.taskmanager.test.autoconfigure.AutoConfigureDurableTasks;
import io.taskmanager.test.durable.Shop.Mail;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.json.JsonTest;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.NestedTestConfiguration;
import org.springframework.test.context.NestedTestConfiguration.EnclosingConfiguration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** What runs at once, and how it ends. Transactions: {@link DurableTransactionTests}. */
@NestedTestConfiguration(EnclosingConfiguration.OVERRIDE)
class AutoConfigureDurableTasksTests {

    private static final String WORKERS = "taskmanager.managers.mails.worker-count=2";
    private static final TaskType<Mail, String> UNKNOWN = TaskType.of("unknown", Mail.class, String.class);

    @Nested
    @JsonTest(properties = WORKERS)
    @AutoConfigureDurableTasks
    @Import(Shop.Mails.class)
    class OnASlice {

        @Autowired
        DurableTaskClient client;

        @Autowired
        Shop.MailServer server;

        @AfterEach
        void repair() {
            server.sent.clear();
            server.threads.clear();
            server.faults.clear();
            server.reachable = true;
            server.answer = "sent";
            server.whileSending = () -> {};
        }

        @Test
        void needsNoDatabase(@Autowired ObjectProvider<DataSource> dataSources) {
            assertThat(dataSources.stream()).isEmpty();
        }

        @Test
        void aTaskHasRunOnTheCallingThreadWhenItIsQueued() throws Exception {
            TaskId id = client.queueTask(Shop.MAIL, new Mail("ann"));

            assertThat(server.threads).containsExactly(Thread.currentThread());
            assertThat(client.await(id, Shop.MAIL, Duration.ZERO)).isEqualTo("sent");
            DurableTask task = task(id);
            assertThat(task.state()).isEqualTo(DurableTaskState.SUCCEEDED);
            assertThat(task.attempts()).isEqualTo(1);
            assertThat(task.createdAt()).isBeforeOrEqualTo(task.startedAt());
            assertThat(task.startedAt()).isBeforeOrEqualTo(task.finishedAt());
        }

        @Test
        void aResultOfNullIsNull() throws Exception {
            server.answer = null;
            TaskId id = client.queueTask(Shop.MAIL, new Mail("ann"));

            assertThat(client.await(id, Shop.MAIL, Duration.ZERO)).isNull();
        }

        @Test
        void eachFormHasItsLaneAndItsPromise() {
            List<TaskId> ids = List.of(
                    client.queueTask(Shop.MAIL, new Mail("a")),
                    client.queueTaskWithPriority(Shop.MAIL, new Mail("b")),
                    client.queueTaskOnce(Shop.MAIL, new Mail("c")),
                    client.queueTaskWithPriorityOnce(Shop.MAIL, new Mail("d")));

            assertThat(ids).map(this::task).map(DurableTask::priority).containsExactly(false, true, false, true);
            assertThat(ids).map(this::task).map(DurableTask::once).containsExactly(false, false, true, true);
            assertThat(server.sent).hasSize(4);
        }

        @Test
        void anErrorIsFollowedByTheNextDeliveryAtOnce() {
            server.faults.addAll(List.of(new IOException("busy"), new IOException("still busy")));

            TaskId id = client.queueTask(Shop.MAIL, new Mail("ann"));

            assertThat(server.sent).containsExactly("ann 3");
            assertThat(task(id).state()).isEqualTo(DurableTaskState.SUCCEEDED);
            assertThat(task(id).lastErrorMessage()).isEqualTo("still busy");
        }

        @Test
        void whenItsRetriesAreSpentATaskIsADeadLetter() {
            for (int i = 0; i < 3; i++) {
                server.faults.add(new IOException("busy"));
            }

            TaskId id = client.enqueue(DurableTaskRequest.builder(Shop.MAIL, new Mail("ann"))
                    .maxRetries(2)
                    .build());

            assertThat(server.threads).hasSize(3);
            assertThat(task(id).state()).isEqualTo(DurableTaskState.DEAD_LETTER);
            assertThatExceptionOfType(DurableTaskException.class)
                    .isThrownBy(() -> client.await(id, Shop.MAIL, Duration.ZERO))
                    .satisfies(e -> assertThat(e.state()).isEqualTo(DurableTaskState.DEAD_LETTER))
                    .satisfies(e -> assertThat(e.error()).contains(IOException.class.getName()));
        }

        @Test
        void aTaskThatRunsOnceHasFailedAfterOneError() {
            server.faults.add(new IOException("busy"));

            TaskId id = client.queueTaskOnce(Shop.MAIL, new Mail("ann"));

            assertThat(server.threads).hasSize(1);
            assertThat(task(id).state()).isEqualTo(DurableTaskState.FAILED);
            assertThat(task(id).lastError()).isEqualTo(IOException.class.getName());
        }

        @Test
        void aRedriveRunsItAgainAtOnce() throws Exception {
            server.faults.add(new IOException("busy"));
            TaskId id = client.queueTaskOnce(Shop.MAIL, new Mail("ann"));

            assertThat(client.redrive(id)).isTrue();

            assertThat(server.sent).containsExactly("ann 2");
            assertThat(client.await(id, Shop.MAIL, Duration.ZERO)).isEqualTo("sent");
            assertThat(client.redrive(id)).isFalse();
        }

        @Test
        void aTaskOfLaterStaysQueuedUntilItIsAwaitedForLongEnough() throws Exception {
            TaskId id = client.enqueue(DurableTaskRequest.builder(Shop.MAIL, new Mail("ann"))
                    .delay(Duration.ofDays(3))
                    .build());

            assertThat(task(id).state()).isEqualTo(DurableTaskState.QUEUED);
            assertThatExceptionOfType(TaskTimeoutException.class)
                    .isThrownBy(() -> client.await(id, Shop.MAIL, Duration.ofDays(2)))
                    .withMessageContaining("QUEUED");
            assertThat(server.sent).isEmpty();
            assertThat(client.await(id, Shop.MAIL, Duration.ofDays(3))).isEqualTo("sent");
        }

        @Test
        void onlyWhatIsQueuedCanBeCancelled() {
            TaskId done = client.queueTask(Shop.MAIL, new Mail("ann"));
            TaskId later = client.enqueue(DurableTaskRequest.builder(Shop.MAIL, new Mail("bob"))
                    .delay(Duration.ofDays(3))
                    .build());
            List<Boolean> ofItself = new ArrayList<>();
            server.whileSending = () -> client.list(DurableTaskQuery.all().state(DurableTaskState.RUNNING))
                    .tasks()
                    .forEach(running -> ofItself.add(client.cancel(running.id())));
            client.queueTask(Shop.MAIL, new Mail("eve"));

            assertThat(client.cancel(done)).isFalse();
            assertThat(ofItself).containsExactly(false);
            assertThat(client.cancel(later)).isTrue();
            assertThat(client.cancel(later)).isFalse();
            assertThatExceptionOfType(TaskCancelledException.class)
                    .isThrownBy(() -> client.await(later, Shop.MAIL, Duration.ofDays(3)));
            assertThat(server.sent).containsExactly("ann 1", "eve 1");
        }

        @Test
        void aHandlerMayQueueAndAwaitAnother() {
            List<String> answers = new ArrayList<>();
            server.whileSending = () -> {
                server.whileSending = () -> {};
                answers.add(awaited(client.queueTask(Shop.MAIL, new Mail("bob"))));
            };

            client.queueTask(Shop.MAIL, new Mail("ann"));

            assertThat(answers).containsExactly("sent");
            assertThat(server.sent).containsExactly("ann 1", "bob 1");
        }

        private String awaited(TaskId id) {
            try {
                return client.await(id, Shop.MAIL, Duration.ZERO);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @RepeatedTest(2)
        void aKeyIsOneTaskWithinATest() {
            DurableTaskRequest<Mail> request = DurableTaskRequest.builder(Shop.MAIL, new Mail("ann"))
                    .key("order 1")
                    .build();

            TaskId id = client.enqueue(request);

            assertThat(client.enqueue(request)).isEqualTo(id);
            assertThat(client.enqueueAll(List.of(request, request))).containsExactly(id, id);
            assertThat(server.sent).containsExactly("ann 1"); // also the second time: tests share no tasks
        }

        @Test
        void aBatchRunsItsPriorityFirstOrNotAtAll() {
            client.enqueueAll(List.of(
                    DurableTaskRequest.of(Shop.MAIL, new Mail("ann")),
                    DurableTaskRequest.builder(Shop.MAIL, new Mail("bob"))
                            .priority()
                            .build()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.enqueueAll(List.of(
                            DurableTaskRequest.of(Shop.MAIL, new Mail("eve")),
                            DurableTaskRequest.of(Shop.MAIL, new Mail("x".repeat(2_000_000))))))
                    .withMessageContaining("max-payload-size");

            assertThat(server.sent).containsExactly("bob 1", "ann 1");
            assertThat(client.list(DurableTaskQuery.all()).tasks()).hasSize(2);
        }

        @Test
        void whatTheManagerWouldNotTakeStaysQueuedAndRunsWhenItIsAwaited(
                @Autowired TaskManager<Shop.MailServer, Object> manager) throws Exception {
            server.reachable = false;
            manager.control().recycle();
            TaskId id = client.queueTaskOnce(Shop.MAIL, new Mail("ann"));

            DurableTask queued = task(id);
            assertThatExceptionOfType(TaskTimeoutException.class)
                    .isThrownBy(() -> client.await(id, Shop.MAIL, Duration.ZERO))
                    .withMessageContaining("manager");
            server.reachable = true;

            assertThat(queued.state()).isEqualTo(DurableTaskState.QUEUED);
            assertThat(queued.attempts()).isZero();
            assertThat(client.await(id, Shop.MAIL, Duration.ZERO)).isEqualTo("sent");
        }

        @Test
        void aTypeWithoutAHandlerStaysQueued() {
            TaskId id = client.queueTask(UNKNOWN, new Mail("ann"));

            assertThat(task(id).state()).isEqualTo(DurableTaskState.QUEUED);
            assertThatExceptionOfType(TaskTimeoutException.class)
                    .isThrownBy(() -> client.await(id, UNKNOWN, Duration.ZERO))
                    .withMessageContaining("no handler");
        }

        @Test
        void awaitRefusesWhatItCantAwait() {
            TaskId id = client.queueTask(Shop.MAIL, new Mail("ann"));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.await(id, UNKNOWN, Duration.ZERO))
                    .withMessageContaining("\"mail\"");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.await(new TaskId(UUID.randomUUID()), Shop.MAIL, Duration.ZERO));
        }

        @Test
        void listsPageByPageNewestFirst() {
            List<TaskId> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ids.add(client.queueTask(Shop.MAIL, new Mail("ann")));
            }
            ids.sort(Comparator.comparing(TaskId::toString).reversed());
            DurableTaskQuery two = DurableTaskQuery.all().type(Shop.MAIL).limit(2);

            DurableTaskPage first = client.list(two);
            DurableTaskPage second = client.list(two.before(first.next().orElseThrow()));
            DurableTaskPage third = client.list(two.before(second.next().orElseThrow()));

            assertThat(first.tasks()).map(DurableTask::id).isEqualTo(ids.subList(0, 2));
            assertThat(second.tasks()).map(DurableTask::id).isEqualTo(ids.subList(2, 4));
            assertThat(third.tasks()).map(DurableTask::id).isEqualTo(ids.subList(4, 5));
            assertThat(third.next()).isEmpty();
            assertThat(client.list(two.type("unknown")).tasks()).isEmpty();
        }

        private DurableTask task(TaskId id) {
            return client.find(id).orElseThrow();
        }
    }

    @Nested
    @JsonTest(properties = {WORKERS, "taskmanager.durable.worker.enabled=false"})
    @AutoConfigureDurableTasks
    @Import(Shop.Mails.class)
    class WithoutAWorker {
        @Test
        void whatWasQueuedCanBeLookedAt(@Autowired DurableTaskClient client, @Autowired Shop.MailServer server) {
            TaskId id = client.queueTask(Shop.MAIL, new Mail("ann"));

            assertThat(client.list(DurableTaskQuery.all().state(DurableTaskState.QUEUED))
                            .tasks())
                    .map(DurableTask::id)
                    .containsExactly(id);
            assertThat(server.sent).isEmpty();
        }
    }

    @Nested
    @SpringBootTest(properties = {WORKERS, "taskmanager.durable.enabled=true"})
    @AutoConfigureDurableTasks
    class InPlaceOfTheRealOne {
        @Test
        void itIsTheOnlyClientAndThereIsNoNode(@Autowired DurableTaskClient client, @Autowired Shop.MailServer server) {
            client.queueTask(Shop.MAIL, new Mail("ann"));

            assertThat(server.threads).containsExactly(Thread.currentThread());
        }
    }

    @Nested
    @SpringBootTest(properties = WORKERS)
    @AutoConfigureDurableTasks
    class WithAMock {
        @MockitoBean
        DurableTaskClient client;

        @Autowired
        Shop.Orders orders;

        @Test
        void nothingRuns(@Autowired Shop.MailServer server) {
            TaskId id = new TaskId(UUID.randomUUID());
            given(client.queueTask(any(), any())).willReturn(id);

            assertThat(orders.confirm("ann")).isEqualTo(id);
            assertThat(server.sent).isEmpty();
        }
    }

    @Nested
    @SpringBootTest(properties = WORKERS)
    class Without {
        @MockitoBean
        Shop.Orders orders; // it would need one

        @Test
        void thereIsNoClient(@Autowired ObjectProvider<DurableTaskClient> clients) {
            assertThat(clients.stream()).isEmpty();
        }
    }
}
