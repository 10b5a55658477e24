package io.taskmanager.durable.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;

/** The databases that the tests run on. Each call gives an empty one, with the tables. */
public enum Database {
    H2(null) {
        @Override
        public String create() {
            return "jdbc:h2:mem:durable" + NUMBER.incrementAndGet() + ";DB_CLOSE_DELAY=-1";
        }
    },
    POSTGRESQL(null) {
        @Override
        public String create() {
            String name = "durable" + NUMBER.incrementAndGet();
            execute(Server.URL.formatted("postgres"), "create database " + name);
            String url = Server.URL.formatted(name);
            execute(url, script("schema-postgresql.sql"));
            return url;
        }
    },
    /** Where {@code -Ddurable.mysqld} is the path of the server of MySQL 8. */
    MYSQL("durable.mysqld") {
        @Override
        public String create() {
            return on(MySql.SERVER, "schema-mysql.sql");
        }
    },
    /** Where {@code -Ddurable.mariadbd} is the path of its server, and what initializes its folder is on the PATH. */
    MARIADB("durable.mariadbd") {
        @Override
        public String create() {
            return on(MariaDb.SERVER, "schema-mariadb.sql");
        }
    };

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final @Nullable String serverProperty;

    /** @param serverProperty the system property that is the path of its server; null if it is always to be had */
    Database(@Nullable String serverProperty) {
        this.serverProperty = serverProperty;
    }

    /** The JDBC URL of a new database. */
    public abstract String create();

    /** Whether there is such a server. */
    public boolean isHere() {
        return serverProperty == null || System.getProperty(serverProperty) != null;
    }

    private String server() {
        return String.valueOf(System.getProperty(String.valueOf(serverProperty)));
    }

    private static String on(MySqlServer server, String script) {
        String name = "durable" + NUMBER.incrementAndGet();
        execute(server.url(""), "create database " + name);
        String url = server.url(name);
        execute(url, script(script));
        return url;
    }

    /** The statements of a file in the jar. */
    public static String script(String file) {
        try {
            return new ClassPathResource("/io/taskmanager/durable/" + file).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One for this JVM, which ends with it. */
    private static final class Server {
        static final String URL;

        static {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .start();
                URL = "jdbc:postgresql://localhost:" + server.getPort() + "/%s?user=postgres";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class MySql {
        static final MySqlServer SERVER = new MySqlServer(
                "mysql",
                "connectionTimeZone=%%2B00:00&forceConnectionTimeZoneToSession=true",
                MYSQL.server(),
                MYSQL.server(),
                "--no-defaults",
                "--initialize-insecure");
    }

    private static final class MariaDb {
        static final MySqlServer SERVER = new MySqlServer(
                "mariadb",
                "connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true&preserveInstants=true",
                MARIADB.server(),
                "mariadb-install-db",
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db");
    }
}
