package io.taskmanager.durable.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/** MySQL or MariaDB in a process that ends with this JVM. */
final class MySqlServer {

    private final String url;

    /**
     * @param scheme of its JDBC URLs
     * @param utc what these end with, so that times are the same in every zone
     * @param server the path of the program
     * @param initialize a command that fills an empty folder
     */
    MySqlServer(String scheme, String utc, String server, String... initialize) {
        try {
            Path folder = Files.createTempDirectory(scheme);
            run(folder, List.of(initialize)).waitFor();
            int port = freePort();
            Process process = run(
                    folder,
                    List.of(
                            server,
                            "--no-defaults",
                            "--bind-address=127.0.0.1",
                            "--port=" + port,
                            "--socket=" + folder.resolve("socket"),
                            "--pid-file=" + folder.resolve("pid"),
                            "--max-connections=300",
                            "--innodb-flush-log-at-trx-commit=2"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, folder), scheme + "-end"));
            url = "jdbc:" + scheme + "://localhost:" + port + "/%s?user=root&allowMultiQueries=true&" + utc;
            Awaitility.await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
                if (!process.isAlive()) {
                    throw new AssertionError(Files.readString(folder.resolve("log")));
                }
                DriverManager.getConnection(url("")).close();
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Process run(Path folder, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(command);
        whole.add("--datadir=" + folder.resolve("data"));
        whole.add("--user=" + System.getProperty("user.name"));
        return new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void end(Process process, Path folder) {
        process.destroyForcibly();
        try {
            process.waitFor();
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String url(String database) {
        return url.formatted(database);
    }
}
