package io.taskmanager.sample.catalog;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

/** The catalogue in an H2 file, as it comes. */
class H2CatalogTest extends CatalogContract {

    @TempDir
    Path folder;

    private String url() {
        return "jdbc:h2:file:" + folder.resolve("catalog") + ";DB_CLOSE_ON_EXIT=FALSE";
    }

    @Override
    CatalogSessionFactory emptyCatalogue() {
        return new CatalogSessionFactory(url(), "", "");
    }

    @Override
    void breakConnections(CatalogSession session) throws SQLException {
        try (Connection other = DriverManager.getConnection(url(), "", "")) {
            other.createStatement().execute("SHUTDOWN IMMEDIATELY");
        }
    }
}
