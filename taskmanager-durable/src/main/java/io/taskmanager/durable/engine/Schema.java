package io.taskmanager.durable.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** The tables: made by this on an embedded database, looked at everywhere. */
public final class Schema {

    private static final Logger log = LoggerFactory.getLogger(Schema.class);

    /** What stands for the prefix in the files. */
    private static final String PREFIX_IN_FILES = "taskmanager_";

    private final DataSource dataSource;
    private final Tables tables;
    private final Dialect dialect;
    private final boolean autoCommit;

    /** @throws SetupException if the database can't be reached, or is none that this works on */
    public Schema(DataSource dataSource, Tables tables) {
        this.dataSource = dataSource;
        this.tables = tables;
        try (Connection connection = dataSource.getConnection()) {
            this.dialect = Dialect.of(connection.getMetaData().getDatabaseProductName());
            this.autoCommit = connection.getAutoCommit();
            warnOfGapLocks(connection);
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    /** There a look for tasks locks what comes next to them too, and queuing waits for it or ends in a deadlock. */
    private void warnOfGapLocks(Connection connection) throws SQLException {
        if (dialect.readsSnapshots()
                && connection.getTransactionIsolation() >= Connection.TRANSACTION_REPEATABLE_READ) {
            log.warn(
                    "Queuing may wait for a look for tasks, or end in a deadlock, since the connections of the durable tasks'"
                            + " database have the isolation REPEATABLE READ, or a stricter one. Set"
                            + " spring.datasource.hikari.transaction-isolation=TRANSACTION_READ_COMMITTED");
        }
    }

    DataSource dataSource() {
        return dataSource;
    }

    Dialect dialect() {
        return dialect;
    }

    Tables tables() {
        return tables;
    }

    /** The statements for these tables. */
    public TaskStore store(Json json) {
        return new TaskStore(dataSource, autoCommit, dialect, tables, json);
    }

    /**
     * Makes the tables where the database is embedded and has none.
     *
     * @throws SetupException if they are missing, or lack a column
     */
    public void prepare() {
        if (isEmbedded()) {
            create();
            warnOfDelayedWrites();
        }
        check();
    }

    private boolean isEmbedded() {
        if (dialect != Dialect.H2) {
            return false;
        }
        try (Connection connection = dataSource.getConnection()) {
            String url = connection.getMetaData().getURL().toLowerCase(Locale.ROOT);
            return !url.startsWith("jdbc:h2:tcp:") && !url.startsWith("jdbc:h2:ssl:");
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private void create() {
        try {
            String script = new ClassPathResource("/io/taskmanager/durable/" + dialect.schemaFile())
                    .getContentAsString(StandardCharsets.UTF_8)
                    .replace(PREFIX_IN_FILES, tables.prefix());
            ResourceDatabasePopulator populator =
                    new ResourceDatabasePopulator(new ByteArrayResource(script.getBytes(StandardCharsets.UTF_8)));
            populator.execute(dataSource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** H2 writes to its file half a second after a commit, unless told otherwise. */
    private void warnOfDelayedWrites() {
        List<String> delay = new JdbcTemplate(dataSource)
                .queryForList(
                        "select setting_value from information_schema.settings where setting_name = 'WRITE_DELAY'",
                        String.class);
        boolean isFile = !new JdbcTemplate(dataSource)
                .queryForList(
                        "select setting_value from information_schema.settings where setting_name = 'info.FILE_READ'",
                        String.class)
                .isEmpty();
        if (isFile && !delay.contains("0")) {
            log.warn(
                    "Durable tasks on H2 may be lost when this process is killed: the database writes to its file up to {} ms after"
                            + " a commit. Add ;WRITE_DELAY=0 to spring.datasource.url",
                    delay.isEmpty() ? "500" : delay.get(0));
        }
    }

    private void check() {
        look(
                tables.queue(),
                "task_instance, task_name, task_data, execution_time, picked, picked_by, last_success, last_failure,"
                        + " consecutive_failures, last_heartbeat, version, priority, started");
        look(
                tables.history(),
                "task_instance, task_name, state, task_key, priority, at_most_once, deliveries, execution_time,"
                        + " started_at, finished_at, node, error, error_message, task_data, result");
        look(tables.keys(), "task_name, task_key, task_instance");
        look(
                tables.recurring(),
                "task_instance, task_name, task_data, execution_time, picked, picked_by, last_success,"
                        + " last_failure, consecutive_failures, last_heartbeat, version");
    }

    private void look(String table, String columns) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeQuery("select " + columns + " from " + table + " where 1 = 0");
        } catch (SQLException e) {
            throw new SetupException(
                    "The table \"" + table + "\" of the durable tasks is missing, or older than this version: "
                            + e.getMessage(),
                    "Where it is missing, run io/taskmanager/durable/" + dialect.schemaFile()
                            + " of taskmanager-durable's jar on the database, with \"" + PREFIX_IN_FILES
                            + "\" replaced where taskmanager.durable.table-prefix is another. Where it is older, that file changes"
                            + " nothing: alter the table, so that it has what the file says.",
                    e);
        }
    }

    private static SetupException unreachable(Exception cause) {
        return new SetupException(
                "Durable tasks can't reach their database: " + cause.getMessage(),
                "See spring.datasource.url, or set taskmanager.durable.enabled=false.",
                cause);
    }
}
