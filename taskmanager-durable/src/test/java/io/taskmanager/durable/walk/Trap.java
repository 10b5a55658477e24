package io.taskmanager.durable.walk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Sends a process a signal right before it sends a certain statement, so that what it has done in the same transaction is not
 * committed, or what it has done in the one before is.
 */
final class Trap extends DelegatingDataSource {

    static final String COMMIT = "commit";

    private final Path folder;

    Trap(DataSource dataSource, Path folder) {
        super(dataSource);
        this.folder = folder;
    }

    /**
     * Sets it, for once.
     *
     * @param signal as {@code kill} takes it
     * @param statement how that begins, or {@link #COMMIT}
     */
    static void set(Path folder, Node node, String signal, String statement) {
        try {
            Path written = Files.writeString(folder.resolve("trap"), signal + "\n" + statement);
            Files.move(written, file(folder, node.pid()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(Path folder, long pid) {
        return folder.resolve("trap-" + pid);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        spring((String) arguments[0]);
                    } else if (method.getName().equals("commit")) {
                        spring(COMMIT);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private synchronized void spring(String sql) throws IOException, InterruptedException {
        long pid = ProcessHandle.current().pid();
        Path file = file(folder, pid);
        if (!Files.exists(file)) {
            return;
        }
        List<String> trap = Files.readAllLines(file);
        if (sql.toLowerCase(Locale.ROOT).startsWith(trap.get(1))) {
            Files.delete(file);
            Node.signal(thisThread(), trap.get(0));
        }
    }

    /**
     * A signal to a thread of a process is one to the process, which that thread takes. Sent to the process, the main thread takes
     * it, and on a busy machine this one sends its statement before that has a turn and stops them all.
     */
    private static long thisThread() throws IOException {
        return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
    }
}
