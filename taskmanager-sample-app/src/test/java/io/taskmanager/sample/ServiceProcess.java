package io.taskmanager.sample;

import static org.awaitility.Awaitility.await;

import io.taskmanager.sample.web.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service in a process of its own, on a port of its own, which a test may kill. */
final class ServiceProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern ADDRESS = Pattern.compile("http://localhost:(\\d+)/photos");

    private final Path output;
    private final Process process;

    /** @param folder where it runs, and so where {@code ./data} is, as with {@code mvn spring-boot:run} */
    ServiceProcess(Path folder, List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--server.port=0", "--photos.import-samples=false"));
        all.addAll(arguments);
        output = Files.createTempFile(folder, "output", ".txt");
        process = SampleCommand.with(all)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** What answers at its port, once it does. */
    Service service() {
        Matcher matcher = await("the address in " + output)
                .atMost(PATIENCE)
                .until(() -> ADDRESS.matcher(Files.readString(output)), Matcher::find);
        return new Service(Integer.parseInt(matcher.group(1)));
    }

    long pid() {
        return process.pid();
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException, TimeoutException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** As {@code kill}. */
    void stop() throws InterruptedException, TimeoutException {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() throws InterruptedException, TimeoutException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new TimeoutException("process " + process.pid() + " has not ended");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
