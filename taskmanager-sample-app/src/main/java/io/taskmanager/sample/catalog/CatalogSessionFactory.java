package io.taskmanager.sample.catalog;

import io.taskmanager.sample.resource.CountedFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Opens the sessions of the {@code catalog} manager, and lays out the table with the first. */
public final class CatalogSessionFactory extends CountedFactory<CatalogSession> {

    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS photo (
                id VARCHAR(64) PRIMARY KEY,
                name VARCHAR(255) NOT NULL,
                format VARCHAR(8) NOT NULL,
                width INTEGER NOT NULL,
                height INTEGER NOT NULL,
                orientation INTEGER NOT NULL,
                bytes BIGINT NOT NULL,
                source VARCHAR(16384) NOT NULL,
                added TIMESTAMP WITH TIME ZONE NOT NULL)""";
    private static final String H2_FILE_IN_USE = "90020";
    private static final String INDEX = "CREATE INDEX IF NOT EXISTS photo_added ON photo (added)";

    private final String url;
    private final String username;
    private final String password;
    private boolean laidOut; // guarded by this

    public CatalogSessionFactory(String url, String username, String password) {
        super("catalog");
        this.url = url;
        this.username = username;
        this.password = password;
    }

    @Override
    protected CatalogSession open() throws SQLException {
        Connection connection = connect();
        try {
            layOut(connection);
            return new CatalogSession(connection);
        } catch (SQLException | RuntimeException e) {
            closeAfter(e, connection);
            throw e;
        }
    }

    private Connection connect() throws SQLException {
        try {
            return DriverManager.getConnection(url, username, password);
        } catch (SQLException e) {
            if (H2_FILE_IN_USE.equals(e.getSQLState())) {
                String message = "another process has " + url + " open; stop it, or set photos.data to another folder";
                throw new SQLException(message, e.getSQLState(), e);
            }
            throw e;
        }
    }

    /** Two sessions that lay out at the same time would fail on PostgreSQL, so they take turns. */
    private synchronized void layOut(Connection connection) throws SQLException {
        if (laidOut) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
            statement.execute(INDEX);
        }
        laidOut = true;
    }

    private static void closeAfter(Exception failure, Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    protected void close(CatalogSession session) throws SQLException {
        session.close();
    }

    @Override
    public boolean validate(CatalogSession session) {
        try {
            return session.isAlive();
        } catch (SQLException e) {
            return false; // only thrown for a wrong argument; a session that can't be asked is of no use
        }
    }
}
