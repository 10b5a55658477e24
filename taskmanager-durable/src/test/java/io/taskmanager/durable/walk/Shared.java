package io.taskmanager.durable.walk;

import io.taskmanager.durable.testkit.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.h2.tools.Server;

/** Databases that several processes share. Each call gives an empty one, with the tables. */
enum Shared {
    /** A file, which a server in the test's process has open. */
    H2 {
        @Override
        String create(Path folder) {
            String url = "jdbc:h2:tcp://localhost:" + H2Server.PORT + "/" + folder.resolve("database")
                    + ";WRITE_DELAY=0;USER=sa";
            Database.execute(url, Database.script("schema-h2.sql"));
            return url;
        }
    },
    POSTGRESQL {
        @Override
        String create(Path folder) {
            return Database.POSTGRESQL.create();
        }
    },
    MYSQL {
        @Override
        boolean isHere() {
            return Database.MYSQL.isHere();
        }

        @Override
        String create(Path folder) {
            return Database.MYSQL.create();
        }
    },
    MARIADB {
        @Override
        boolean isHere() {
            return Database.MARIADB.isHere();
        }

        @Override
        String create(Path folder) {
            return Database.MARIADB.create();
        }
    };

    abstract String create(Path folder);

    /** Whether there is such a server. */
    boolean isHere() {
        return true;
    }

    /** For tests with each of them. */
    static Stream<Shared> here() {
        return Stream.of(values()).filter(Shared::isHere);
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
