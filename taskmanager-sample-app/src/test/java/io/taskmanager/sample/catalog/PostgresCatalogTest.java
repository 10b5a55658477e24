package io.taskmanager.sample.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The catalogue in PostgreSQL, where the machine has a server to start. */
class PostgresCatalogTest extends CatalogContract {

    private static PostgresCluster cluster;

    @BeforeAll
    static void startServer() throws IOException, InterruptedException {
        Optional<Path> bin = PostgresCluster.installed();
        assumeTrue(bin.isPresent(), "skipped: no PostgreSQL server is installed here (Debian: postgresql)");
        cluster = PostgresCluster.start(bin.get());
    }

    @AfterAll
    static void stopServer() throws IOException, InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Override
    CatalogSessionFactory emptyCatalogue() throws SQLException {
        execute("DROP TABLE IF EXISTS photo");
        return new CatalogSessionFactory(cluster.url(), "photos", "");
    }

    @Override
    void breakConnections(CatalogSession session) throws SQLException {
        assertThat(session.count()).isZero();
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(cluster.url(), "photos", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
