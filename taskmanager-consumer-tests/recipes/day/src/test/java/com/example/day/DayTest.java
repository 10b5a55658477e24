package com.example.day;

import static com.example.tools.Answers.awaitNoThread;
import static com.example.tools.Answers.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerState;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.sshd.sftp.client.SftpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A day in production: an archive and a ledger in one application, called in all ways, while their servers are killed, frozen,
 * cut off, end sessions and change passwords. {@code -Dday.minutes} is how long, {@code -Dday.seed} repeats the faults.
 */
class DayTest {

    private static final double MINUTES = Double.parseDouble(System.getProperty("day.minutes", "30"));
    private static final long SEED = seed();

    @TempDir
    Path folder;

    private final Violations violations = new Violations();
    private final List<Day<?>> days = new ArrayList<>();

    private static long seed() {
        String seed = System.getProperty("day.seed", "");
        return seed.isBlank() ? System.nanoTime() : Long.parseLong(seed);
    }

    @Test
    void aDayInProduction() throws Exception {
        System.out.println("A day of " + MINUTES + " minutes, seed " + SEED);
        try (Server<?> archiveServer = new ArchiveServer(folder.resolve("archive"));
                Server<?> ledgerServer = new LedgerServer(
                        folder.resolve("ledger"), Duration.ofMinutes((long) MINUTES + 10))) {
            Thread closing = new Thread(() -> closeAll(archiveServer, ledgerServer));
            Runtime.getRuntime().addShutdownHook(closing);
            Side<SftpClient> archive = new Side<>("archive", archiveServer, violations, DayTest::read);
            Side<Connection> ledger = new Side<>("ledger", ledgerServer, violations, DayTest::enter);
            live(archive, ledger);
            Runtime.getRuntime().removeShutdownHook(closing);
        }
        awaitUntil(
                "no process is left",
                () -> ProcessHandle.current().descendants().findAny().isEmpty());
        assertThat(violations.all()).as("broken promises, told of above").isEmpty();
    }

    private static void closeAll(Server<?>... servers) {
        for (Server<?> server : servers) {
            try {
                server.close();
            } catch (Exception e) {
                System.err.println(e);
            }
        }
    }

    private void live(Side<SftpClient> archive, Side<Connection> ledger) throws Exception {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(Production.class)
                .initializers(context -> context.getBeanFactory().addBeanPostProcessor(counting(archive, ledger)))
                .run(settings(archive, ledger))) {
            begin(archive, application, 0);
            begin(ledger, application, 1);
            ledger.manager.queueTask((context, session) -> {
                try (Statement statement = session.createStatement()) {
                    statement.execute("CREATE TABLE entry (id bigint PRIMARY KEY)");
                }
                session.commit();
                return "done";
            });
            for (Day<?> day : days) {
                day.begin();
            }
            for (Day<?> day : days) {
                day.end();
            }
            checkEntries(ledger);
        }
        for (Day<?> day : days) {
            System.out.println(day.summary());
        }
        checkThatAllBalances(archive);
        checkThatAllBalances(ledger);
    }

    private static BeanPostProcessor counting(Side<?>... sides) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                for (Side<?> side : sides) {
                    if (bean instanceof ResourceFactory<?> factory && name.startsWith(side.name)) {
                        return side.census.counted(timed(factory, side.creation));
                    }
                }
                return bean;
            }
        };
    }

    private static <R> ResourceFactory<R> timed(ResourceFactory<R> factory, Distribution creation) {
        return ResourceFactory.<R>builder(() -> {
                    long start = System.nanoTime();
                    R resource = factory.create();
                    creation.add((System.nanoTime() - start) / 1_000_000);
                    return resource;
                })
                .destroy(factory::destroy)
                .validate(factory::validate)
                .reset(factory::reset)
                .build();
    }

    private static String[] settings(Side<?>... sides) {
        return Stream.concat(
                        Stream.of("--spring.config.name=day"),
                        Stream.of(sides).flatMap(side -> side.server.settings().stream()))
                .toArray(String[]::new);
    }

    @SuppressWarnings("unchecked")
    private <R> void begin(Side<R> side, ConfigurableApplicationContext application, int index) {
        side.manager = application.getBean(side.name, TaskManager.class);
        CompositeHealthContributor managers = (CompositeHealthContributor)
                application.getBean(HealthContributorRegistry.class).getContributor("taskManagers");
        long end = System.nanoTime() + (long) (MINUTES * TimeUnit.MINUTES.toNanos(1));
        long seed = new Random(SEED + index).nextLong();
        days.add(new Day<>(side, (HealthIndicator) managers.getContributor(side.name), seed, end));
    }

    private static void read(SftpClient sftp, long number) throws Exception {
        try (InputStream file = sftp.read("file")) {
            String content = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            if (!content.equals("content")) {
                throw new IllegalStateException("read " + content);
            }
        }
    }

    private static void enter(Connection session, long number) throws Exception {
        try (Statement statement = session.createStatement()) {
            statement.execute("INSERT INTO entry VALUES (" + number + ") ON CONFLICT DO NOTHING");
        }
        session.commit();
    }

    private static void checkEntries(Side<Connection> ledger) throws Exception {
        Object entries = ledger.manager.queueTask((context, session) -> {
            try (Statement statement = session.createStatement();
                    var rows = statement.executeQuery("SELECT count(*) FROM entry")) {
                rows.next();
                return rows.getLong(1);
            }
        });
        if ((long) entries < ledger.calls.done() || (long) entries > ledger.calls.asked()) {
            ledger.violated(ledger.calls.done() + " of " + ledger.calls.asked() + " succeeded, but entries are " + entries);
        }
    }

    private static void checkThatAllBalances(Side<?> side) {
        assertThat(side.manager.state()).isEqualTo(TaskManagerState.TERMINATED);
        assertThat(side.calls.open()).isEmpty();
        assertThat(side.census.living()).as("created and not destroyed").isZero();
        assertThat(side.census.most()).isLessThanOrEqualTo(Side.MAX_RESOURCES);
        awaitUntil("no session is left on the server of " + side.name, () -> side.server.sessions() == 0);
        awaitNoThread(side.name + "-");
    }
}
