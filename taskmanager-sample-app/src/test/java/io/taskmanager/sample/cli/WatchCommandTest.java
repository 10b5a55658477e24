package io.taskmanager.sample.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/** {@code --watch}, with a server at the other end that answers as it is told. */
class WatchCommandTest {

    private static final String ESCAPE = "\u001b[";
    private static final String ALL = """
            {"managers": {"my images": {}}}""";
    private static final String ONE = """
            {"name": "my images", "state": "RUNNING", "why": "7 tasks wait, because all 2 workers are busy.",
             "stats": {"queuedTasks": 4, "priorityTasks": 2, "retryingTasks": 1, "busyWorkers": 2, "activeWorkers": 2,
                       "startingWorkers": 0, "baseWorkers": 2, "paused": false},
             "metrics": {"taskCompletionRate": 12.34, "totalTasksRetried": 5, "totalTasksFailed": 6},
             "maxWorkers": 3, "config": {"maxWorkerCount": 8}, "workers": [], "events": []}""";

    private static final String LONG_SENTENCE =
            "1234567 tasks wait, because all 1000 workers are busy and no more may be"
                    + " started; the oldest of them has waited for 12 minutes, which is longer than any before it did.";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    /** How the endpoint answers the first requests for all managers; those after them get 200. */
    private final Deque<Integer> statuses = new ConcurrentLinkedDeque<>();

    private HttpServer server;
    private String url;
    private volatile String authorization;
    private volatile String manager = ONE;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            authorization = exchange.getRequestHeaders().getFirst("Authorization");
            String path = exchange.getRequestURI().getRawPath();
            boolean all = path.equals("/actuator/taskmanager");
            boolean one = path.equals("/actuator/taskmanager/my%20images");
            int status = all && !statuses.isEmpty() ? statuses.remove() : all || one ? 200 : 404;
            byte[] body = (all ? ALL : manager).getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        url = "http://localhost:" + server.getAddress().getPort() + "/actuator/taskmanager";
    }

    @AfterEach
    void close() {
        server.stop(0);
        Thread.interrupted(); // which is how the test ends a watch
    }

    @Test
    void aTerminalShowsATableThatIsDrawnOver() {
        assertThat(watch(2, true, "--watch=" + url)).isZero();

        List<String> frames = Arrays.asList(text(out).split("\\u001b\\[\\?7l", -1));
        assertThat(frames).hasSize(3);
        assertThat(frames.get(1)).doesNotContain(ESCAPE + "4A");
        assertThat(frames.get(2)).startsWith(ESCAPE + "4A").endsWith(ESCAPE + "J" + ESCAPE + "?7h");
        assertThat(lines(frames.get(1))).hasSize(4).satisfies(lines -> {
            assertThat(lines.get(0)).startsWith(url + ", ").endsWith("; Ctrl-C ends");
            assertThat(words(lines.get(1)))
                    .containsExactly(
                            "manager", "main", "prio", "retry", "busy", "workers", "max", "tasks/s", "retried",
                            "failed");
            assertThat(words(lines.get(2)))
                    .containsExactly("my", "images", "4", "2", "1", "2", "2", "3", "12.3", "5", "6");
            assertThat(lines.get(3)).isEqualTo("  RUNNING: 7 tasks wait, because all 2 workers are busy.");
        });
    }

    @Test
    void noLineOfTheTableIsWiderThanATerminalOf80ColumnsAndNoNumberOrWordIsCut() {
        manager = """
                {"name": "my images", "state": "STOPPING",
                 "why": "%s",
                 "stats": {"queuedTasks": 1234567, "priorityTasks": 1234567, "retryingTasks": 123456, "busyWorkers": 1000,
                           "activeWorkers": 1000, "startingWorkers": 0, "baseWorkers": 2, "paused": true},
                 "metrics": {"taskCompletionRate": 123456.78, "totalTasksRetried": 987654321,
                             "totalTasksFailed": 98765432100},
                 "maxWorkers": 1000, "config": {}, "workers": [], "events": []}""".formatted(LONG_SENTENCE);
        statuses.addAll(List.of(200, 404));

        watch(2, true, "--watch=" + url);

        List<String> lines = lines(text(out));
        assertThat(String.join(" ", lines)).contains("management.endpoints.web.exposure.include=taskmanager");
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
        assertThat(words(lines.get(lines.size() - 4)))
                .containsExactly("my images 1234k 1234k 123k 1000 1000 1000 123456.8 987M 98765M".split(" "));
        assertThat(words(String.join(" ", lines.subList(lines.size() - 3, lines.size()))))
                .containsExactly(words("STOPPING, PAUSED: " + LONG_SENTENCE));
    }

    @Test
    void elsewhereEachSampleIsAPlainLine() {
        assertThat(watch(3, false, "--watch=" + url)).isZero();

        assertThat(text(out)).doesNotContain(ESCAPE);
        assertThat(text(out).lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line)
                        .matches("\\d\\d:\\d\\d:\\d\\d my images RUNNING, waiting 4 main 2 priority 1 retry,"
                                + " busy 2 of 2 workers \\(max 3\\), 12\\.3 tasks/s"));
    }

    @Test
    void whoeverSetsNoColorGetsNoTableOnATerminalEither() {
        assertThat(WatchCommand.drawsOver(true, Map.of())).isTrue();
        assertThat(WatchCommand.drawsOver(true, Map.of("NO_COLOR", ""))).isTrue();
        assertThat(WatchCommand.drawsOver(true, Map.of("NO_COLOR", "1"))).isFalse();
        assertThat(WatchCommand.drawsOver(false, Map.of())).isFalse();
    }

    @Test
    void onceIsOneSampleAndTheEnd() {
        assertThat(watch(1, true, "--watch=" + url, "--once")).isZero();

        assertThat(text(out)).doesNotContain(ESCAPE).hasLineCount(1).contains("my images RUNNING");
    }

    @Test
    void asJsonASampleIsALine() {
        assertThat(watch(2, true, "--watch=" + url, "--json")).isZero();

        assertThat(text(out).lines()).hasSize(2).allSatisfy(line -> {
            assertThat(JsonPath.<String>read(line, "$.at")).endsWith("Z");
            assertThat(JsonPath.<String>read(line, "$.managers['my images'].state"))
                    .isEqualTo("RUNNING");
            assertThat(JsonPath.<Integer>read(line, "$.managers['my images'].stats.queuedTasks"))
                    .isEqualTo(4);
            assertThat(JsonPath.<Integer>read(line, "$.managers['my images'].maxWorkers"))
                    .isEqualTo(3);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "404, 4, management.endpoints.web.exposure.include=taskmanager",
        "401, 5, --watch=http://USER:PASSWORD@",
        "403, 5, --watch=http://USER:PASSWORD@",
        "500, 1, the log of the service"
    })
    void whatTheServiceRefusesIsAnErrorOfItsOwnThatSaysWhatToDo(int status, int exitCode, String advice) {
        statuses.add(status);

        assertThat(watch(1, false, "--watch=" + url)).isEqualTo(exitCode);
        assertThat(text(err)).hasLineCount(1).contains(url + " answered " + status, advice);
        assertThat(text(out)).isEmpty();
    }

    @Test
    void aUrlThatCanNotBeReachedIsAnErrorOfItsOwn() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }

        assertThat(watch(1, false, "--watch=http://localhost:" + nobody + "/actuator/taskmanager"))
                .isEqualTo(3);
        assertThat(text(err)).hasLineCount(1).contains("can't be reached", "is the service running");
    }

    @Test
    void whatAnswersNoJsonIsAnError() {
        server.removeContext("/");
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<!doctype html>".getBytes(UTF_8));
            exchange.close();
        });

        assertThat(watch(1, false, "--watch=" + url)).isEqualTo(1);
        assertThat(text(err)).contains("answered no JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8080", "ftp://localhost/", "http:///x", "a b"})
    void whatIsNoUrlIsAnErrorOfItsOwn(String none) {
        assertThat(watch(1, false, "--watch=" + none)).isEqualTo(2);
        assertThat(text(err)).contains("--watch is \"" + none + "\"", WatchCommand.DEFAULT_URL);
    }

    @Test
    void toImportAndToWatchAreTwoCommands() {
        assertThat(watch(1, false, "--import=photos", "--watch")).isEqualTo(2);
        assertThat(text(err)).contains("two commands");
    }

    @Test
    void aServiceThatWasThereIsWaitedFor() {
        statuses.addAll(List.of(200, 503, 200));

        assertThat(watch(3, false, "--watch=" + url)).isZero();
        assertThat(text(out).lines())
                .hasSize(3)
                .satisfiesExactly(
                        first -> assertThat(first).contains("RUNNING"),
                        stale -> assertThat(stale).startsWith("stale since ").contains("answered 503"),
                        third -> assertThat(third).contains("RUNNING"));
    }

    @Test
    void credentialsAreSentAndNotShown() {
        assertThat(watch(1, true, "--watch=" + url.replace("localhost", "eve:secret@localhost")))
                .isZero();

        assertThat(authorization).isEqualTo("Basic ZXZlOnNlY3JldA==");
        assertThat(text(out)).contains(url).doesNotContain("secret");
    }

    /** Watches until so many samples were taken. */
    private int watch(int samples, boolean terminal, String... arguments) {
        int[] left = {samples};
        WatchCommand command =
                new WatchCommand(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), terminal, () -> {
                    left[0]--;
                    if (left[0] == 0) {
                        throw new InterruptedException();
                    }
                });
        return command.run(new SimpleCommandLinePropertySource(arguments));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(UTF_8);
    }

    private static List<String> lines(String frame) {
        return frame.replaceAll("\\u001b\\[[?0-9]*[A-Za-z]|\\r", "").lines().toList();
    }

    private static String[] words(String line) {
        return line.strip().split("\\s+");
    }
}
