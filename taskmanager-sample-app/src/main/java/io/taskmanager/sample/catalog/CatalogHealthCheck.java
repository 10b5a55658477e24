package io.taskmanager.sample.catalog;

import io.taskmanager.HealthCheck;
import java.sql.SQLException;
import java.util.Set;

/**
 * A session is broken when an {@link SQLException} anywhere among the causes says that its connection is: by a state of
 * class 08 (the standard's "connection exception"), or by one of the states that H2 and PostgreSQL give a connection
 * closed under its user. All other errors are the statement's own.
 */
public final class CatalogHealthCheck implements HealthCheck {

    private static final String CONNECTION_EXCEPTION = "08";
    private static final Set<String> CLOSED = Set.of(
            "90007", // H2: object already closed
            "90067", // H2: connection broken
            "90098", // H2: database closed
            "90121", // H2: database closed by a JVM shutdown
            "57P01", // PostgreSQL: terminated by an administrator
            "57P02", // PostgreSQL: server crashed
            "57P03"); // PostgreSQL: server starting or stopping
    /** A chain of causes may be a circle. */
    private static final int DEEPEST = 100;

    @Override
    public boolean isHealthy(Throwable error) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof SQLException e && isBroken(e)) {
                return false;
            }
            cause = cause.getCause();
        }
        return true;
    }

    private static boolean isBroken(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith(CONNECTION_EXCEPTION) || CLOSED.contains(state));
    }
}
