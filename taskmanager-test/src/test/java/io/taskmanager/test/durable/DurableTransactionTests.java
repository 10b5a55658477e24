package io.taskmanager.test.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.test.autoconfigure.AutoConfigureDurableTasks;
import io.taskmanager.test.durable.Shop.Mail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The rules of transactions, which are those of the real client. */
@SpringBootTest(properties = "taskmanager.managers.mails.worker-count=2")
@AutoConfigureDurableTasks
class DurableTransactionTests {

    @Autowired
    DurableTaskClient client;

    @Autowired
    Shop.MailServer server;

    @Autowired
    PlatformTransactionManager transactions;

    @Autowired
    JdbcTemplate jdbc;

    TransactionTemplate transaction;

    @BeforeEach
    void begin() {
        transaction = new TransactionTemplate(transactions);
        server.sent.clear();
        server.whileSending = () -> {};
        jdbc.execute("create table if not exists notes (text varchar(100))");
        jdbc.execute("truncate table notes");
    }

    @Test
    void aTaskRunsAfterTheCommit() throws Exception {
        TaskId id = transaction.execute(status -> {
            TaskId queued = queue("ann");
            assertThat(server.sent).isEmpty();
            assertThat(state(queued)).isEqualTo(DurableTaskState.QUEUED);
            return queued;
        });

        assertThat(server.sent).containsExactly("ann 1");
        assertThat(client.await(id, Shop.MAIL, Duration.ZERO)).isEqualTo("sent");
    }

    @Test
    void aTaskNeverWasAfterARollback() {
        TaskId id = transaction.execute(status -> {
            status.setRollbackOnly();
            return client.enqueue(withKey());
        });

        assertThat(server.sent).isEmpty();
        assertThat(client.find(id)).isEmpty();
        assertThat(client.enqueue(withKey())).isNotEqualTo(id);
        assertThat(server.sent).containsExactly("ann 1");
    }

    @Test
    void noneButItsTransactionSeesATaskBeforeTheCommit() {
        transaction.executeWithoutResult(status -> {
            TaskId id = queue("ann");

            assertThat(client.find(id)).isPresent();
            assertThat(CompletableFuture.supplyAsync(() -> client.find(id)).join())
                    .isEmpty();
        });
    }

    @Test
    void aTransactionCantAwaitItsOwnTask() {
        transaction.executeWithoutResult(status -> {
            TaskId id = queue("ann");

            assertThatIllegalStateException()
                    .isThrownBy(() -> client.await(id, Shop.MAIL, Duration.ZERO))
                    .withMessageContaining("before the commit");
        });
    }

    @Test
    void aHandlersTransactionIsItsOwnAndStays() {
        server.whileSending = () -> {
            assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                    .isFalse();
            transaction.executeWithoutResult(status -> jdbc.update("insert into notes values ('by the handler')"));
            throw new IllegalStateException("after its commit");
        };

        transaction.executeWithoutResult(status -> {
            jdbc.update("insert into notes values ('by the caller')");
            client.queueTaskOnce(Shop.MAIL, new Mail("ann"));
        });

        assertThat(jdbc.queryForList("select text from notes", String.class))
                .containsExactlyInAnyOrder("by the caller", "by the handler");
    }

    @Test
    void aHandlerSeesWhatItsTransactionHasWritten() {
        List<String> seen = new ArrayList<>();
        server.whileSending = () -> seen.addAll(jdbc.queryForList("select text from notes", String.class));

        transaction.executeWithoutResult(status -> {
            queue("ann");
            jdbc.update("insert into notes values ('by the caller')");
        });

        assertThat(seen).containsExactly("by the caller");
    }

    @Test
    void whatIsQueuedAfterTheCommitRunsToo() {
        transaction.executeWithoutResult(
                status -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        queue("ann");
                    }

                    @Override
                    public void afterCompletion(int how) {
                        queue("bob");
                    }
                }));

        assertThat(server.sent).containsExactlyInAnyOrder("ann 1", "bob 1");
    }

    @Test
    void anInnerTransactionIsOneOfItsOwn() {
        TransactionTemplate inner = new TransactionTemplate(transactions);
        inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        transaction.executeWithoutResult(status -> {
            queue("ann");
            inner.executeWithoutResult(nested -> queue("bob"));
            assertThat(server.sent).containsExactly("bob 1");
            status.setRollbackOnly();
        });

        assertThat(server.sent).containsExactly("bob 1");
    }

    @Test
    void whatIsAfterASavepointNeverWasIfThatIsReturnedTo() {
        TransactionTemplate nested = new TransactionTemplate(transactions);
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);

        transaction.executeWithoutResult(status -> {
            nested.executeWithoutResult(savepoint -> {
                queue("first");
                savepoint.setRollbackOnly();
            });
            queue("ann");
            nested.executeWithoutResult(savepoint -> {
                queue("bob");
                savepoint.setRollbackOnly();
            });
            nested.executeWithoutResult(savepoint -> queue("eve"));
        });

        assertThat(server.sent).containsExactly("ann 1", "eve 1");
    }

    @Test
    void aCancellationAndARedriveAreRolledBackToo() {
        TaskId later = client.enqueue(DurableTaskRequest.builder(Shop.MAIL, new Mail("ann"))
                .delay(Duration.ofDays(1))
                .build());
        server.faults.add(new IllegalStateException("busy"));
        TaskId failed = client.queueTaskOnce(Shop.MAIL, new Mail("bob"));

        transaction.executeWithoutResult(status -> {
            assertThat(client.cancel(later)).isTrue();
            assertThat(client.redrive(failed)).isTrue();
            assertThat(state(later)).isEqualTo(DurableTaskState.CANCELLED);
            status.setRollbackOnly();
        });
        assertThat(List.of(later, failed))
                .map(this::state)
                .containsExactly(DurableTaskState.QUEUED, DurableTaskState.FAILED);

        transaction.executeWithoutResult(status -> client.redrive(failed));
        assertThat(state(failed)).isEqualTo(DurableTaskState.SUCCEEDED);
    }

    @Test
    void aKeyThatAnotherTransactionHoldsIsRefusedInPlaceOfAWait() {
        TransactionTemplate inner = new TransactionTemplate(transactions);
        inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        transaction.executeWithoutResult(status -> {
            TaskId id = client.enqueue(withKey());
            assertThat(client.enqueue(withKey())).isEqualTo(id);
            assertThatExceptionOfType(CannotAcquireLockException.class)
                    .isThrownBy(() -> inner.executeWithoutResult(other -> client.enqueue(withKey())));
        });

        assertThat(server.sent).containsExactly("ann 1");
    }

    private static DurableTaskRequest<Mail> withKey() {
        return DurableTaskRequest.builder(Shop.MAIL, new Mail("ann"))
                .key("order 1")
                .build();
    }

    private TaskId queue(String to) {
        return client.queueTask(Shop.MAIL, new Mail(to));
    }

    private DurableTaskState state(TaskId id) {
        Optional<DurableTask> task = client.find(id);
        return task.orElseThrow().state();
    }
}
