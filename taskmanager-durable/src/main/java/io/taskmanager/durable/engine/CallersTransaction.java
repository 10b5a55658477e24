package io.taskmanager.durable.engine;

import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The transaction that the calling thread has on our database, if any: one of another database is none. */
final class CallersTransaction {

    private final DataSource dataSource;
    private final Jdbc jdbc;
    private final TransactionTemplate joining;
    private final TransactionTemplate own;

    CallersTransaction(DataSource dataSource) {
        this.dataSource = dataSource;
        this.jdbc = new Jdbc(dataSource);
        this.joining = new TransactionTemplate(jdbc);
        this.own = new TransactionTemplate(jdbc);
        own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** Statements that belong together: in the caller's transaction, or in one of their own where there is none. */
    <T> T join(Supplier<T> statements) {
        T result = isOfAnotherKind() ? statements.get() : joining.execute(status -> statements.get());
        return Objects.requireNonNull(result);
    }

    /** Statements in a transaction of their own, on another connection than the caller's. */
    <T> T apart(Supplier<T> statements) {
        // Out of the way of our transaction manager, which would take it for its own, and commit it.
        Object connection = isOfAnotherKind() ? TransactionSynchronizationManager.unbindResource(dataSource) : null;
        try {
            return Objects.requireNonNull(own.execute(status -> statements.get()));
        } finally {
            if (connection != null) {
                TransactionSynchronizationManager.bindResource(dataSource, connection);
            }
        }
    }

    /** Whether what is written now waits for the caller's commit. */
    boolean isActive() {
        return isOfAnotherKind() || jdbc.isActive();
    }

    /**
     * JpaTransactionManager and its like show us their connection, and not that it is in a transaction: a transaction manager for
     * JDBC would take it for its own, and commit what the caller has done so far.
     */
    private boolean isOfAnotherKind() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder connection
                && !connection.isSynchronizedWithTransaction();
    }

    /**
     * Knows which connections are in a transaction. One that is only kept for a while is not: until the end of another database's
     * transaction, or of a method that would join one and found none.
     */
    private static final class Jdbc extends DataSourceTransactionManager {

        private static final long serialVersionUID = 1L;

        Jdbc(DataSource dataSource) {
            super(dataSource);
        }

        boolean isActive() {
            return isExistingTransaction(doGetTransaction());
        }
    }
}
