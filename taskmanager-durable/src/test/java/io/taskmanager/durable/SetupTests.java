package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.durable.autoconfigure.DurableTaskAutoConfiguration;
import io.taskmanager.durable.engine.DurableNode;
import io.taskmanager.durable.engine.SetupException;
import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.EachDatabase;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.spring.autoconfigure.TaskManagerAutoConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.UserConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What a start makes, and what it says where it can't. */
@ExtendWith(OutputCaptureExtension.class)
class SetupTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TaskManagerAutoConfiguration.class,
                    DataSourceAutoConfiguration.class,
                    JacksonAutoConfiguration.class,
                    DurableTaskAutoConfiguration.class))
            .withPropertyValues(
                    "taskmanager.durable.enabled=true",
                    "taskmanager.managers.work.worker-count=1",
                    "spring.datasource.url=" + Database.H2.create());

    private final ApplicationContextRunner work = runner.withConfiguration(UserConfigurations.of(Work.class));

    @Test
    void isOffUnlessItIsTurnedOn() {
        work.withPropertyValues("taskmanager.durable.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(DurableTaskClient.class));
    }

    @Test
    void aNodeMayQueueOnly() {
        work.withPropertyValues("taskmanager.durable.worker.enabled=false").run(context -> {
            assertThat(context).hasSingleBean(DurableTaskClient.class).doesNotHaveBean(DurableNode.class);
            TaskId id = context.getBean(DurableTaskClient.class).queueTask(Work.JOB, new Work.Job("a"));
            assertThat(context.getBean(DurableTaskClient.class).find(id))
                    .get()
                    .extracting(DurableTask::state)
                    .isEqualTo(DurableTaskState.QUEUED);
        });
    }

    @Test
    void theTablesHaveThePrefix() {
        work.withPropertyValues("taskmanager.durable.table-prefix=jobs_")
                .run(context -> assertThat(new JdbcTemplate(context.getBean(DataSource.class))
                                .queryForList(
                                        "select lower(table_name) from information_schema.tables where lower(table_name) like 'jobs%'",
                                        String.class))
                        .containsExactlyInAnyOrder("jobs_queue", "jobs_history", "jobs_keys", "jobs_recurring"));
    }

    @Test
    void aPrefixThatIsNoNameIsRefused() {
        work.withPropertyValues("taskmanager.durable.table-prefix=jobs; drop table x")
                .run(fails("taskmanager.durable.table-prefix", "jobs; drop table x"));
    }

    @Test
    void whatIsWrongIsToldWithoutAStackTrace(CapturedOutput output) {
        assertThatThrownBy(
                () -> App.start(Database.H2.create(), "taskmanager.durable.table-prefix=jobs; drop table x"));

        assertThat(output)
                .contains("APPLICATION FAILED TO START", "Correct that setting; the default is taskmanager_.")
                .doesNotContain("SetupException");
    }

    @Test
    void tablesThatAreMissingAreNamedWithTheFileThatMakesThem() {
        String url = Database.POSTGRESQL.create();
        Database.execute(url, "drop table taskmanager_keys");
        work.withPropertyValues("spring.datasource.url=" + url)
                .run(fails("taskmanager_keys", "io/taskmanager/durable/schema-postgresql.sql"));
    }

    @Test
    void tablesThatAreOlderAreNamedToo() {
        String url = Database.POSTGRESQL.create();
        Database.execute(url, "alter table taskmanager_queue drop column started");
        work.withPropertyValues("spring.datasource.url=" + url)
                .run(fails("taskmanager_queue", "older than this version", "schema-postgresql.sql", "alter the table"));
    }

    @Test
    void aDatabaseThatCantBeReachedIsNamed() {
        work.withPropertyValues("spring.datasource.url=jdbc:postgresql://localhost:1/none?user=nobody")
                .withPropertyValues("spring.datasource.hikari.connection-timeout=250")
                .run(fails("can't reach their database", "spring.datasource.url"));
    }

    @Test
    void thereMustBeADataSource() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(TaskManagerAutoConfiguration.class, DurableTaskAutoConfiguration.class))
                .withPropertyValues("taskmanager.durable.enabled=true")
                .run(fails("there is no DataSource", "spring.datasource.url"));
    }

    @Test
    void ofTwoDataSourcesOneMustBePrimary() {
        work.withConfiguration(UserConfigurations.of(TwoDataSources.class)).run(fails("are 2 DataSources", "@Primary"));
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoDataSources {

        @Bean
        DataSource one() {
            return new DriverManagerDataSource(Database.H2.create());
        }

        @Bean
        DataSource two() {
            return new DriverManagerDataSource(Database.H2.create());
        }
    }

    @Test
    void aHandlerMustNameAManagerThatIsThere() {
        runner.withConfiguration(UserConfigurations.of(Work.class))
                .withPropertyValues("taskmanager.managers.work.resource-factory=workResourceFactory")
                .withBean("lost", TaskHandler.class, () -> new Handler("other", "photos"))
                .run(fails("\"lost\"", "\"photos\"", "[work]"));
    }

    @ParameterizedTest
    @NullAndEmptySource
    void aHandlerMustNameAManager(String manager) {
        work.withBean("lost", TaskHandler.class, () -> new Handler("other", manager))
                .run(fails("\"lost\"", "names no manager", "[work]"));
    }

    @Test
    void whatJsonCantBeMadeOfIsRefused() {
        work.withBean("lost", TaskHandler.class, () -> new Typed(Runnable.class, Void.class))
                .run(fails(
                        "\"lost\"", "\"typed\"", "payload", "java.lang.Runnable", "read from JSON", "@JsonTypeInfo"));
        work.withBean("lost", TaskHandler.class, () -> new Typed(String.class, Runnable.class))
                .run(fails("\"lost\"", "\"typed\"", "result", "java.lang.Runnable", "read from JSON", "Void.class"));
        TaskType<Runnable, Void> type = TaskType.of("typed", Runnable.class, Void.class);
        work.withBean(
                        RecurringTask.class,
                        () -> RecurringTask.fixedDelay("hourly", type, () -> () -> {}, Duration.ofHours(1)))
                .run(fails("\"hourly\"", "\"typed\"", "payload", "java.lang.Runnable", "read from JSON"));
    }

    record Typed(Class<?> payload, Class<?> result) implements TaskHandler<Object, StringBuilder, Object> {

        @Override
        @SuppressWarnings("unchecked")
        public TaskType<Object, Object> type() {
            return TaskType.of("typed", (Class<Object>) payload, (Class<Object>) result);
        }

        @Override
        public String manager() {
            return "work";
        }

        @Override
        public Object handle(DurableTaskContext context, Object payload, StringBuilder resource) {
            return payload;
        }
    }

    @Test
    void aTypeHasOneHandler() {
        work.withBean("second", TaskHandler.class, () -> new Handler("job", "work"))
                .run(fails("\"second\"", "\"jobHandler\"", "\"job\""));
    }

    record Handler(String name, String manager) implements TaskHandler<String, StringBuilder, String> {

        @Override
        public TaskType<String, String> type() {
            return TaskType.of(name, String.class, String.class);
        }

        @Override
        public String handle(DurableTaskContext context, String payload, StringBuilder resource) {
            return payload;
        }
    }

    @Test
    void recurringTasksHaveNamesOfTheirOwn() {
        work.withBean("a", RecurringTask.class, SetupTests::nightly)
                .withBean("b", RecurringTask.class, SetupTests::nightly)
                .run(fails("\"nightly\""));
    }

    private static RecurringTask<Work.Job> nightly() {
        return RecurringTask.cron("nightly", Work.JOB, () -> new Work.Job("a"), "0 0 3 * * *");
    }

    @Test
    void settingsThatCantBeAreRefusedByName() {
        work.withPropertyValues("taskmanager.durable.missed-heartbeats-limit=3")
                .run(fails("taskmanager.durable.missed-heartbeats-limit", "at least 4", "3"));
        work.withPropertyValues("taskmanager.durable.polling-interval=0s")
                .run(fails("taskmanager.durable.polling-interval", "PT0S"));
        work.withPropertyValues("taskmanager.durable.heartbeat-interval=-1s")
                .run(fails("taskmanager.durable.heartbeat-interval", "PT-1S"));
        work.withPropertyValues("taskmanager.durable.retry.max-retries=-1")
                .run(fails("taskmanager.durable.retry.max-retries", "-1"));
        work.withPropertyValues("taskmanager.durable.retry.backoff.jitter=2")
                .run(fails("taskmanager.durable.retry.backoff", "jitter", "2.0"));
        work.withPropertyValues("taskmanager.durable.retention.lost=0s")
                .run(fails("taskmanager.durable.retention.lost", "PT0S"));
        work.withPropertyValues("taskmanager.durable.max-payload-size=0B")
                .run(fails("taskmanager.durable.max-payload-size", "0B"));
    }

    @Test
    void settingsThatDontExistAreRefused() {
        work.withPropertyValues("taskmanager.durable.poling-interval=1s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("taskmanager.durable.poling-interval"));
    }

    @ParameterizedTest
    @EachDatabase
    void locksOfWhatIsNotThereYetAreWarnedOf(Database database, CapturedOutput output) {
        boolean locks = database == Database.MYSQL || database == Database.MARIADB;
        String url = "spring.datasource.url=" + database.create();
        work.withPropertyValues(url, "spring.datasource.hikari.transaction-isolation=TRANSACTION_READ_COMMITTED")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("transaction-isolation");
        work.withPropertyValues(url).run(context -> assertThat(context).hasNotFailed());
        assertThat(output.getOut().contains("transaction-isolation")).isEqualTo(locks);
    }

    @Test
    void h2InAFileIsWarnedOfUnlessItWritesAtOnce(CapturedOutput output, @org.junit.jupiter.api.io.TempDir Path folder) {
        work.withPropertyValues("spring.datasource.url=jdbc:h2:" + folder.resolve("at-once") + ";WRITE_DELAY=0")
                .run(context -> assertThat(context).hasNotFailed());
        work.run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("WRITE_DELAY");
        work.withPropertyValues("spring.datasource.url=jdbc:h2:" + folder.resolve("later"))
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).contains(";WRITE_DELAY=0");
    }

    private static org.springframework.boot.test.context.runner.ContextConsumer<
                    org.springframework.boot.test.context.assertj.AssertableApplicationContext>
            fails(String... parts) {
        return context -> {
            assertThat(context).hasFailed();
            Throwable cause = context.getStartupFailure();
            while (!(cause instanceof SetupException) && cause.getCause() != null) {
                cause = cause.getCause();
            }
            String told = cause instanceof SetupException setup
                    ? setup.getMessage() + " " + setup.action()
                    : String.valueOf(cause.getMessage());
            assertThat(told).contains(parts);
        };
    }
}
