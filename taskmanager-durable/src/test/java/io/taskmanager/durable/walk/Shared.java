package io.taskmanager.durable.walk;

import io.taskmanager.durable.testkit.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.h2.tools.Server;

/** Databases that several processes share. Each call gives an empty one, with the tables. */
enum Shared {
    /** A file, which a server in the test's process has open. */
    H2(Database.H2) {
        @Override
        String create(Path folder) {
            String url = "jdbc:h2:tcp://localhost:" + H2Server.PORT + "/" + folder.resolve("database")
                    + ";WRITE_DELAY=0;USER=sa";
            Database.execute(url, Database.script("schema-h2.sql"));
            return url;
        }
    },
    POSTGRESQL(Database.POSTGRESQL),
    MYSQL(Database.MYSQL),
    MARIADB(Database.MARIADB);

    private final Database database;

    Shared(Database database) {
        this.database = database;
    }

    String create(Path folder) {
        return database.create();
    }

    /** For tests with each of them. */
    static Stream<Shared> here() {
        return Stream.of(values()).filter(shared -> shared.database.isHere());
    }

    private static final class H2Server {
        static final int PORT;

        static {
            try {
                PORT = Server.createTcpServer("-tcpPort", "0", "-tcpDaemon", "-ifNotExists")
                        .start()
                        .getPort();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
