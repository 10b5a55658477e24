package io.taskmanager.durable.walk;

import io.taskmanager.durable.DurableTaskContext;
import io.taskmanager.durable.testkit.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Tells of each start before its work begins, over connections that the engine knows nothing of, each row committed by itself. It
 * is tried until it is known to be written, as one start: so there may be a row of a start whose work was then not done, and never
 * the other way.
 */
final class Audit {

    private static final String TABLE = """
            create table audit (
              start_id varchar(36) primary key,
              task_instance varchar(36) not null,
              delivery int not null,
              node bigint not null)""";

    private final String url;

    Audit(String url) {
        this.url = url;
    }

    static void createTable(String url) {
        Database.execute(url, TABLE);
    }

    void started(DurableTaskContext context) throws InterruptedException {
        String start = UUID.randomUUID().toString();
        while (!written(start, context)) {
            Thread.sleep(50); // the database is away
        }
    }

    private boolean written(String start, DurableTaskContext context) {
        try (Connection connection = DriverManager.getConnection(url)) {
            try (PreparedStatement find =
                    connection.prepareStatement("select start_id from audit where start_id = ?")) {
                find.setString(1, start);
                if (find.executeQuery().next()) {
                    return true; // by a try whose answer was lost
                }
            }
            try (PreparedStatement insert = connection.prepareStatement("insert into audit values (?, ?, ?, ?)")) {
                insert.setString(1, start);
                insert.setString(2, context.taskId().toString());
                insert.setInt(3, context.delivery());
                insert.setLong(4, ProcessHandle.current().pid());
                return insert.executeUpdate() == 1;
            }
        } catch (SQLException e) {
            return false;
        }
    }
}
