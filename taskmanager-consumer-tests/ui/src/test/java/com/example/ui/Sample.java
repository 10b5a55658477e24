package com.example.ui;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The sample application as it is packaged, in a process of its own, with the buttons of the demo, with durable imports, and with no
 * photo.
 */
final class Sample implements AutoCloseable {

    private static final Path PACKAGED = Path.of("../../taskmanager-sample-app/target");
    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

    private final Path log;
    private final Process process;

    /**
     * It ends by itself after ten minutes, whatever becomes of the test.
     *
     * @param folder an empty one, for what it writes, and for what it may import
     */
    Sample(Path folder) throws IOException {
        log = folder.resolve("log");
        process = new ProcessBuilder(
                        "timeout",
                        "600",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-jar",
                        jar().toString(),
                        "--spring.profiles.active=demo,durable",
                        "--server.address=127.0.0.1",
                        "--server.port=0",
                        "--photos.data=" + folder.resolve("data"),
                        "--photos.import-root=" + folder,
                        "--photos.import-samples=false")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(PACKAGED)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no jar in " + PACKAGED.toAbsolutePath() + ": see ../run"));
        }
    }

    /** Where its page is, once it is there. */
    String url() {
        Matcher started = await("the start of the sample, which tells in " + log)
                .atMost(Duration.ofMinutes(2))
                .until(() -> STARTED.matcher(Files.readString(log)), Matcher::find);
        return "http://127.0.0.1:" + started.group(1) + "/";
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
