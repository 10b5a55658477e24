package com.example.postgresql;

import static com.example.tools.Answers.awaitUntil;

import com.example.tools.RealServer;
import com.example.tools.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server in a folder of its own, on a loopback port of its own. It refuses to run as root; a test that does
 * lends it to the user "postgres". Ends by itself after ten minutes, or what it is told, whatever becomes of its test.
 */
public final class PostgresServer implements RealServer {

    private final Duration bound;
    private final Path folder;
    private final Path bin;
    private final int port;
    private Process process;

    public PostgresServer() throws IOException, InterruptedException {
        this(Duration.ofMinutes(10));
    }

    public PostgresServer(Duration bound) throws IOException, InterruptedException {
        this.bound = bound;
        folder = Files.createTempDirectory("recipe-postgresql");
        bin = newest();
        port = freePort();
        Files.writeString(folder.resolve("password"), "root");
        if (isRoot()) {
            Files.setOwner(
                    folder,
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
            Files.setOwner(folder.resolve("password"), Files.getOwner(folder));
        }
        Process initdb = run("initdb", "--no-sync", "--auth=scram-sha-256", "--username=postgres",
                "--pwfile=" + folder.resolve("password"), "-D", folder.resolve("data").toString());
        if (initdb.waitFor() != 0) {
            throw new IOException("initdb failed: " + log());
        }
    }

    private static Path newest() throws IOException {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void start() throws IOException {
        process = run("postgres", "-D", folder.resolve("data").toString(), "-h", "127.0.0.1", "-p",
                Integer.toString(port), "-k", folder.toString(), "-F");
        awaitUntil("the server accepts connections", this::isReady);
    }

    private boolean isReady() {
        try (Connection connection = connect()) {
            return connection.isValid(0);
        } catch (SQLException e) {
            return false;
        }
    }

    private Process run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("timeout", "-s", "INT", Long.toString(bound.toSeconds())));
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @Override
    public int port() {
        return port;
    }

    public String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    /** Runs a statement as the server's owner; the first number of its result, if it has one. */
    public long execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return 0;
            }
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    /** A session of the server's owner. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "root");
    }

    @Override
    public void freeze() throws IOException, InterruptedException {
        send(Signal.STOP);
    }

    @Override
    public void thaw() throws IOException, InterruptedException {
        send(Signal.CONT);
    }

    @Override
    public void kill() throws IOException, InterruptedException {
        send(Signal.KILL);
        process.waitFor();
    }

    /** To the server first, which starts the others. */
    private void send(Signal signal) throws IOException, InterruptedException {
        for (ProcessHandle server : process.children().toList()) {
            List<ProcessHandle> sessions = server.descendants().toList();
            signal.send(server);
            for (ProcessHandle session : Stream.concat(sessions.stream(), server.descendants()).distinct().toList()) {
                signal.send(session);
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (process != null) {
            kill();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
