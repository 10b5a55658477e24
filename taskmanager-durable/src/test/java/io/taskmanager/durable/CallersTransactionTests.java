package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.EachDatabase;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions other than those of plain JDBC, and pools whose connections do not commit by themselves. */
@ParameterizedClass
@EachDatabase
class CallersTransactionTests {

    private final Database database;

    CallersTransactionTests(Database database) {
        this.database = database;
    }

    /** An application whose transactions are JPA's. */
    @Configuration(proxyBeanMethods = false)
    static class Jpa extends Work {

        @Bean
        LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
            LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
            factory.setDataSource(dataSource);
            factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
            factory.setPackagesToScan(getClass().getPackageName());
            factory.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "update"));
            return factory;
        }

        @Bean
        JpaTransactionManager transactionManager(EntityManagerFactory factory) {
            return new JpaTransactionManager(factory);
        }
    }

    @Entity(name = "booking")
    static class Booking {
        @Id
        String name = "b";
    }

    private static DurableTaskRequest<Job> request(String key) {
        return DurableTaskRequest.builder(Work.JOB, new Job(key)).key(key).build();
    }

    @Test
    void whatIsQueuedWithinAJpaTransactionIsRolledBackWithIt() {
        try (App app = App.start(Jpa.class, database.create())) {
            TaskId redriven = deadLetter(app);
            List<TaskId> ids = new ArrayList<>();

            app.transaction().executeWithoutResult(status -> {
                EntityManager entities =
                        EntityManagerFactoryUtils.getTransactionalEntityManager(app.bean(EntityManagerFactory.class));
                entities.persist(new Booking());
                entities.flush();
                ids.add(app.client().queueTask(Work.JOB, new Job("single")));
                ids.addAll(app.client().enqueueAll(List.of(request("a"), request("b"))));
                assertThat(app.client().redrive(redriven)).isTrue();
                assertThat(app.client().cancel(ids.get(0))).isTrue();
                status.setRollbackOnly();
            });

            assertThat(count(app, "booking")).isZero();
            assertThat(count(app, "taskmanager_queue")).isZero();
            assertThat(count(app, "taskmanager_keys")).isZero();
            assertThat(ids).allSatisfy(id -> assertThat(app.client().find(id)).isEmpty());
            assertThat(app.task(redriven).state()).isEqualTo(DurableTaskState.DEAD_LETTER);
        }
    }

    @Test
    void whatIsQueuedWithinAJpaTransactionIsSeenByItsCommit() {
        try (App app = App.start(Jpa.class, database.create())) {
            List<TaskId> ids = app.transaction().execute(status -> {
                List<TaskId> queued = app.client().enqueueAll(List.of(request("a"), request("b")));
                assertThat(app.script().starts).isEmpty();
                return queued;
            });

            ids.forEach(id -> app.await(id, DurableTaskState.SUCCEEDED));
        }
    }

    @Test
    void aJpaTransactionThatSeesASnapshotAwaitsAndIsStillTheCallers() {
        CountDownLatch gate = new CountDownLatch(1);
        try (App app = App.start(Jpa.class, database.create())) {
            app.script().behaviour = (context, job) -> {
                gate.await();
                return "done";
            };
            TaskId id = app.client().queueTask(Work.JOB, new Job("a"));
            TransactionTemplate snapshot = new TransactionTemplate(app.bean(PlatformTransactionManager.class));
            snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);

            String result = snapshot.execute(status -> {
                EntityManager entities =
                        EntityManagerFactoryUtils.getTransactionalEntityManager(app.bean(EntityManagerFactory.class));
                entities.persist(new Booking());
                entities.flush();
                assertThat(app.task(id).state().isFinal()).isFalse();
                gate.countDown();
                status.setRollbackOnly();
                try {
                    return app.client().await(id, Work.JOB, Duration.ofSeconds(30));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });

            assertThat(result).isEqualTo("done");
            assertThat(count(app, "booking")).isZero();
        }
    }

    @Test
    void aPoolWithoutAutoCommitCommitsWhatIsQueuedAndWhatBegins() {
        try (App app = App.start(database.create(), "spring.datasource.hikari.auto-commit=false")) {
            List<Boolean> begun = new ArrayList<>();
            app.script().behaviour = (context, job) -> {
                begun.addAll(app.jdbc().queryForList("select started from taskmanager_queue", Boolean.class));
                return "done";
            };

            app.await(app.client().queueTask(Work.JOB, new Job("a")), DurableTaskState.SUCCEEDED);
            app.await(app.client().queueTaskOnce(Work.JOB, new Job("b")), DurableTaskState.SUCCEEDED);

            assertThat(begun).containsExactly(false, true);
        }
    }

    @Test
    void whatIsQueuedWhereATransactionIsOptionalIsCommittedAndRunsAtOnce() {
        try (App app = lookingOnlyWhenTold()) {
            TransactionTemplate optional = new TransactionTemplate(app.bean(PlatformTransactionManager.class));
            optional.setPropagationBehavior(TransactionDefinition.PROPAGATION_SUPPORTS);

            assertThat(optional.<String>execute(status -> queuedAndAwaited(app)))
                    .isEqualTo("did a");
        }
    }

    @Test
    void whatIsQueuedWithinATransactionOfAnotherDatabaseIsCommittedAndRunsAtOnce() {
        try (App app = lookingOnlyWhenTold()) {
            DataSource other = new DriverManagerDataSource(Database.H2.create());
            TransactionTemplate others = new TransactionTemplate(new DataSourceTransactionManager(other));

            String result = others.execute(status -> {
                status.setRollbackOnly();
                return queuedAndAwaited(app);
            });

            assertThat(result).isEqualTo("did a");
        }
    }

    private static String queuedAndAwaited(App app) {
        try {
            return app.client().await(app.client().enqueue(request("a")), Work.JOB, Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theNodeThatHasCommittedLooksForWhatWasQueuedAtOnce() {
        try (App app = lookingOnlyWhenTold()) {
            TaskId id = app.transaction().execute(status -> app.client().queueTask(Work.JOB, new Job("a")));

            app.await(id, DurableTaskState.SUCCEEDED);
        }
    }

    @Test
    void theNodeThatHasCommittedLooksForWhatWasRedrivenAtOnce() {
        try (App app = lookingOnlyWhenTold()) {
            TaskId id = deadLetter(app);
            app.script().behaviour = (context, job) -> "done";
            app.transaction().executeWithoutResult(status -> app.client().redrive(id));

            app.await(id, DurableTaskState.SUCCEEDED);
        }
    }

    /** A node that has had its first look, and the next by itself in an hour. */
    private App lookingOnlyWhenTold() {
        String url = database.create();
        TaskId first;
        try (App before = App.start(url, "taskmanager.durable.worker.enabled=false")) {
            first = before.client().queueTask(Work.JOB, new Job("first"));
        }
        App app = App.start(url, "taskmanager.durable.polling-interval=1h");
        app.await(first, DurableTaskState.SUCCEEDED);
        return app;
    }

    private static TaskId deadLetter(App app) {
        app.script().behaviour = (context, job) -> {
            throw new IllegalStateException("as it was told");
        };
        TaskId id = app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("dead"))
                        .maxRetries(0)
                        .build());
        app.await(id, DurableTaskState.DEAD_LETTER);
        return id;
    }

    private static int count(App app, String table) {
        return app.bean(JdbcTemplate.class).queryForObject("select count(*) from " + table, Integer.class);
    }
}
