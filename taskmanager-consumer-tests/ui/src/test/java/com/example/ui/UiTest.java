package com.example.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.taskmanager.TaskManager;
import io.taskmanager.spring.ui.PageData;
import io.taskmanager.spring.ui.TaskManagerUiEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.WebElement;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The live page as people see it. */
class UiTest {

    private static final String WRITES = "--management.endpoint.taskmanager.access=unrestricted";

    @TempDir
    static Path profile;

    private static Browser browser;

    private ConfigurableApplicationContext application;
    private TaskManager<StringBuilder, Object> images;
    private final CountDownLatch end = new CountDownLatch(1);

    @BeforeAll
    static void open() {
        browser = new Browser(profile);
    }

    @AfterAll
    static void close() {
        browser.close();
    }

    @AfterEach
    void clear() {
        end.countDown();
        browser.clear();
        application.close();
    }

    @SuppressWarnings("unchecked")
    private String start(String... arguments) {
        application = new SpringApplicationBuilder(Application.class).run(arguments);
        images = application.getBean("images", TaskManager.class);
        String management = application.getEnvironment().getProperty("local.management.port");
        String port = management != null ? management : application.getEnvironment().getProperty("local.server.port");
        return "http://127.0.0.1:" + port;
    }

    private String status() {
        return browser.find("[data-status]").getAttribute("data-status");
    }

    private void work(int tasks) {
        for (int i = 0; i < tasks; i++) {
            images.queueTaskAsync((context, resource) -> null).join();
        }
    }

    @Test
    void numbersMove() {
        String url = start();
        browser.open(url + "/actuator/taskmanagerui");
        browser.await("live", () -> status().equals("live"));
        assertThat(browser.value("images", "state")).isEqualTo("RUNNING");
        assertThat(browser.value("images", "queue-main")).isEqualTo("0");
        assertThat(browser.all("[data-manager=images] [data-chart] canvas")).hasSize(5);
        assertThat(browser.all("[data-manager=catalog] [data-chart] canvas")).hasSize(5);

        for (int i = 0; i < 4; i++) {
            images.queueTaskAsync((context, resource) -> {
                end.await();
                return null;
            });
        }
        for (int i = 0; i < 3; i++) {
            images.queueTaskWithPriorityAsync((context, resource) -> null);
        }

        browser.await("busy workers", () -> Integer.parseInt(browser.value("images", "busy")) >= 2);
        assertThat(browser.find("[data-manager=images] [data-workers] tbody").getText()).contains("BUSY", "task-");
        end.countDown();
        browser.await("an empty queue", () -> browser.value("images", "busy").equals("0"));
        browser.await("a rate", () -> {
            work(20);
            return !browser.value("images", "throughput").startsWith("0");
        });
        browser.assertNothingInTheConsole();
    }

    @Test
    void pausesWhereThatIsAllowedOnceTheNameIsTyped() {
        browser.open(start(WRITES) + "/actuator/taskmanagerui");

        browser.click("[data-manager=images] [data-action=pause]");
        WebElement confirm = browser.find("[data-dialog-confirm]");
        browser.find("dialog [name=typed]").sendKeys("image");
        assertThat(confirm.isEnabled()).isFalse();
        browser.find("dialog [name=typed]").sendKeys("s");
        confirm.click();

        browser.await("a pause", () -> images.stats().paused());
        assertThat(browser.find("[data-manager=images] [data-value=paused]").getText()).isEqualTo("PAUSED");
        act("resume");
        browser.await("an end of the pause", () -> !images.stats().paused());
        browser.assertNothingInTheConsole();
    }

    @Test
    void resizes() {
        browser.open(start(WRITES) + "/actuator/taskmanagerui");

        resize(3, 7);

        browser.await("a resize", () -> browser.value("images", "max").equals("7"));
        assertThat(images.stats().baseWorkers()).isEqualTo(3);
    }

    @Test
    void showsWhyAWriteIsRefused() {
        browser.open(start(WRITES) + "/actuator/taskmanagerui");

        resize(5, 4);

        browser.await("an answer", () -> browser.find("[data-dialog-error]").getText().contains("maxWorkerCount"));
        assertThat(images.stats().baseWorkers()).isEqualTo(2);
    }

    private void act(String action) {
        browser.click("[data-manager=images] [data-action=" + action + "]");
        confirm();
    }

    private void resize(int workerCount, int maxWorkerCount) {
        browser.click("[data-manager=images] [data-action=resize]");
        type("workerCount", String.valueOf(workerCount));
        type("maxWorkerCount", String.valueOf(maxWorkerCount));
        confirm();
    }

    private void confirm() {
        type("typed", "images");
        browser.click("[data-dialog-confirm]");
    }

    private void type(String field, String text) {
        WebElement input = browser.find("dialog [name=" + field + "]");
        input.clear();
        input.sendKeys(text);
    }

    @Test
    void hasNoButtonsWhereNothingIsAllowed() {
        browser.open(start() + "/actuator/taskmanagerui");

        browser.find("[data-manager=images]");

        assertThat(browser.all("[data-action]")).isEmpty();
    }

    @Test
    void saysWhatIsStaleWhenTheApplicationIsGone() {
        browser.open(start() + "/actuator/taskmanagerui");
        browser.find("[data-manager=images]");

        application.close();

        browser.await("stale", () -> browser.find("[data-status]").getText().toLowerCase().contains("stale since"));
        assertThat(browser.value("images", "state")).isEqualTo("RUNNING");
    }

    @Test
    void saysWhatIsStaleWhileNoSamplesAreTaken() {
        browser.open(start("--spring.main.sources=" + HangingCollector.class.getName()) + "/actuator/taskmanagerui");
        HangingCollector collector = application.getBean(HangingCollector.class);
        browser.await("live", () -> status().equals("live"));

        collector.hang();

        browser.await("stale", () -> status().equals("stale"));
        assertThat(browser.find("[data-status]").getText()).endsWithIgnoringCase("stale since " + clock(data().cursor()));
        assertThat(browser.find("[data-notice]").getText()).contains("takes no samples");
        browser.assertAccessible("without samples");
        images.control().pause();
        browser.find("[data-manager=images] [data-value=paused]");

        collector.goOn();

        browser.await("live again", () -> status().equals("live"));
        assertThat(browser.all("[data-notice]")).isEmpty();
        browser.assertNothingInTheConsole();
    }

    private static String clock(long at) {
        return LocalTime.ofInstant(Instant.ofEpochMilli(at), ZoneId.systemDefault())
                .format(DateTimeFormatter.ofPattern("HH:mm:ss"));
    }

    @ParameterizedTest
    @CsvSource({"401, log in", "403, may not", "404, endpoint.taskmanagerui.access"})
    void saysWhatToDoWhereItMayNotLook(int status, String text) throws IOException {
        try (PrefixProxy proxy = new PrefixProxy("/in", start())) {
            browser.open(proxy.url() + "/actuator/taskmanagerui");
            browser.find("[data-manager=images]");

            proxy.refuse(status);

            String notice = browser.find("[data-notice]").getText();
            assertThat(notice).containsIgnoringCase(text);
            assertThat(browser.find("[data-status]").getText()).containsIgnoringCase("stale since");
            assertThat(browser.value("images", "state")).isEqualTo("RUNNING");
        }
    }

    @Test
    void showsTheWorstFirstWhereThereAreMany() {
        String url = start(
                "--taskmanager.managers.mails.worker-count=1",
                "--taskmanager.managers.reports.worker-count=1",
                "--taskmanager.managers.archive.worker-count=1");
        images.control().pause();
        browser.open(url + "/actuator/taskmanagerui");

        browser.await("all of them", () -> browser.all("[data-overview] li").size() == 5);
        assertThat(browser.all("[data-overview] li").get(0).getAttribute("data-overview")).isEqualTo("images");
        assertThat(browser.all("[data-manager]")).isEmpty();
        browser.assertAccessible("the overview");
        browser.click("li[data-overview=reports] a");

        browser.find("[data-manager=reports]");
        assertThat(browser.all("[data-manager]")).hasSize(1);
        browser.click("[data-control=all]");
        browser.find("li[data-overview=reports]");
        browser.assertNothingInTheConsole();
    }

    @Test
    void standsStillWhileFrozen() {
        browser.open(start() + "/actuator/taskmanagerui");
        browser.find("[data-manager=images]");

        browser.click("[data-control=freeze]");
        images.control().pause();
        browser.await("frozen", () -> status().equals("frozen"));
        assertThat(browser.all("[data-manager=images] [data-value=paused]")).isEmpty();
        browser.click("[data-control=freeze]");

        assertThat(browser.find("[data-manager=images] [data-value=paused]").getText()).isEqualTo("PAUSED");
    }

    @Test
    void isAccessibleInLightAndDarkWideAndNarrow() throws Exception {
        browser.open(start(WRITES) + "/actuator/taskmanagerui");
        Thread work = new Thread(this::work, "work");
        work.start();
        try {
            browser.await("ten seconds of it", () -> sampled() > 10);
            for (String theme : new String[] {"light", "dark"}) {
                if (!browser.script("return document.documentElement.dataset.theme").equals(theme)) {
                    browser.click("[data-control=theme]");
                }
                for (int width : new int[] {390, 1280}) {
                    browser.resize(width, 900);
                    browser.await("no scrolling sideways", () -> (Boolean) browser.script(
                            "return document.documentElement.scrollWidth <= window.innerWidth"));
                    browser.assertAccessible(theme + ", " + width);
                }
                picture("page-" + theme);
            }
            browser.click("[data-manager=images] [data-chart=queue] [data-control=table]");
            browser.assertAccessible("a chart as a table");
            browser.click("[data-manager=images] [data-action=pause]");
            browser.assertAccessible("the dialog");
        } finally {
            work.interrupt();
            work.join();
        }
    }

    /** Tasks of all kinds, in waves, until interrupted. */
    private void work() {
        Semaphore room = new Semaphore(24);
        for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
            int number = i;
            room.acquireUninterruptibly();
            images.queueTaskAsync((context, resource) -> {
                        Thread.sleep(20 + number / 100 % 2 * 60L);
                        if (number % 40 == 0 && context.attempt() == 1) {
                            throw new IOException("broken");
                        }
                        if (number % 90 == 0) {
                            throw new IllegalStateException("failed");
                        }
                        return null;
                    })
                    .whenComplete((value, error) -> room.release());
        }
    }

    private int sampled() {
        return data().managers().get("images").samples().size();
    }

    /** What the page is told. */
    private PageData data() {
        return (PageData) Objects.requireNonNull(application
                .getBean(TaskManagerUiEndpoint.class)
                .asset("data", 0L)
                .getBody());
    }

    /** With {@code -Dpictures=FOLDER} the README's are written there. */
    private void picture(String name) throws IOException {
        Path folder = Path.of(System.getProperty("pictures", "target/pictures"));
        Files.createDirectories(folder);
        Files.write(folder.resolve(name + ".png"), browser.picture());
    }

    @Test
    void worksBehindAProxyThatTakesAPrefixAway() throws IOException {
        String url = start(WRITES);
        try (PrefixProxy proxy = new PrefixProxy("/team/tool", url)) {
            browser.open(proxy.url() + "/actuator/taskmanagerui");

            act("pause");

            browser.await("a pause", () -> images.stats().paused());
            browser.assertNothingInTheConsole();
        }
    }

    @Test
    void worksOnAPortOfItsOwnUnderOtherPaths() {
        String url = start(
                WRITES,
                "--management.server.port=0",
                "--management.server.base-path=/inside",
                "--management.endpoints.web.base-path=/manage",
                "--management.endpoints.web.path-mapping.taskmanagerui=ops/live",
                "--management.endpoints.web.path-mapping.taskmanager=steer");
        browser.open(url + "/inside/manage/ops/live");

        act("pause");

        browser.await("a pause", () -> images.stats().paused());
        browser.assertNothingInTheConsole();
    }

    /** A page elsewhere may make the browser send what a form or a script can send without asking. */
    @Test
    void aPageOfAnotherOriginChangesNothing() throws IOException {
        String endpoint = start(WRITES) + "/actuator/taskmanager/images";
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        other.createContext("/", exchange -> {
            byte[] page = "<!doctype html><title>evil</title>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        other.start();
        try {
            browser.open("http://localhost:" + other.getAddress().getPort() + "/");
            for (Map.Entry<String, String> attempt : Map.of(
                            "text/plain", "{\"action\": \"pause\"}",
                            "application/x-www-form-urlencoded", "action=pause",
                            "application/json", "{\"action\": \"pause\"}")
                    .entrySet()) {
                Object result = browser.asyncScript(
                        "const [url, type, body, done] = arguments;"
                                + "fetch(url, {method: 'POST', headers: {'Content-Type': type}, body,"
                                + " mode: type === 'application/json' ? 'cors' : 'no-cors'})"
                                + ".then(answer => done('answered ' + answer.type), error => done('refused'))",
                        endpoint,
                        attempt.getKey(),
                        attempt.getValue());
                assertThat(result).isIn("answered opaque", "refused");
                assertThat(images.stats().paused()).as(attempt.getKey()).isFalse();
            }
        } finally {
            other.stop(0);
        }
    }
}
