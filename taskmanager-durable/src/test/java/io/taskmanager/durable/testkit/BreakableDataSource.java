package io.taskmanager.durable.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database that can be out of reach, or frozen. Connections that were taken before are not. */
public final class BreakableDataSource extends DriverManagerDataSource {

    /** What the driver says while the database is out of reach. */
    public static final String SECRET = "no route to db.internal";

    private volatile boolean broken;
    private volatile @Nullable CountDownLatch frozen;

    public BreakableDataSource(String url) {
        super(url);
    }

    public void breakDown() {
        broken = true;
    }

    public void freeze() {
        frozen = new CountDownLatch(1);
    }

    /** Ends what {@link #breakDown} and {@link #freeze} have begun. */
    public void repair() {
        broken = false;
        CountDownLatch gate = frozen;
        frozen = null;
        if (gate != null) {
            gate.countDown();
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        CountDownLatch gate = frozen;
        if (gate != null) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLTransientConnectionException(SECRET, e);
            }
        }
        if (broken) {
            throw new SQLTransientConnectionException(SECRET);
        }
        return super.getConnection();
    }
}
