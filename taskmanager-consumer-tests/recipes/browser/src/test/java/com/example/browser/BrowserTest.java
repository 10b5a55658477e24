package com.example.browser;

import static com.example.tools.Answers.awaitNoThread;
import static com.example.tools.Answers.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.browser.Application.Browser;
import com.example.tools.Answers;
import com.example.tools.Census;
import com.example.tools.Signal;
import com.example.tools.TcpProxy;
import com.sun.net.httpserver.HttpServer;
import io.taskmanager.Task;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebDriverException;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The recipe with Chromium, which is killed, frozen and crashed, and a web site that is cut off. */
class BrowserTest {

    private static final int WORKERS = 2;

    @TempDir
    Path folder;

    private HttpServer site;
    private TcpProxy proxy;
    private String url;
    private Census census;
    private ConfigurableApplicationContext application;
    private TaskManager<Browser, Object> pages;
    private Answers<Browser> answers;

    @BeforeEach
    void start() throws IOException {
        site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        site.createContext("/", exchange -> {
            String cookies = String.valueOf(exchange.getRequestHeaders().getFirst("Cookie"));
            byte[] page = ("<title>" + cookies + "</title>").getBytes(StandardCharsets.UTF_8);
            if (exchange.getRequestURI().getPath().equals("/")) {
                exchange.getResponseHeaders().add("Set-Cookie", "user=somebody");
            }
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        site.start();
        proxy = new TcpProxy(site.getAddress().getPort());
        url = "http://127.0.0.1:" + proxy.port() + "/";
        census = new Census();
        run();
        answers = new Answers<>(pages);
    }

    @SuppressWarnings("unchecked")
    private void run() {
        application = new SpringApplicationBuilder(Application.class)
                .initializers(context -> context.getBeanFactory().addBeanPostProcessor(census))
                .run(arguments());
        pages = application.getBean("pages", TaskManager.class);
    }

    private String[] arguments() {
        return new String[] {
            "--browsers.folder=" + folder.resolve("browsers"),
            // Chromium has no sandbox for root, whom tests run as; and keeps pages that were left, unless told not to.
            "--browsers.arguments=--headless, --no-sandbox, --disable-features=BackForwardCache",
            "--browsers.timeout=8s",
            "--taskmanager.managers.pages.task-timeout=25s",
            "--taskmanager.managers.pages.creation-backoff.max=500ms"
        };
    }

    @AfterEach
    void stop() throws Exception {
        try {
            answers.await();
            application.close();
            answers.checkOneEach();
            assertThat(census.most()).isLessThanOrEqualTo(WORKERS);
            assertThat(census.living()).isZero();
            assertThat(processes()).isEmpty();
            assertThat(folder.resolve("browsers")).isEmptyDirectory();
            awaitNoThread("Driver ");
            awaitNoThread("pages-");
        } finally {
            application.close();
            proxy.close();
            site.stop(0);
            Application.sweep(folder.resolve("browsers"));
        }
    }

    /** Looks at a page as somebody who has never been there. */
    private final Task<Browser, Object> look = (context, browser) -> {
        browser.driver().get(url);
        assertThat(browser.driver().getTitle()).isEqualTo("null");
        return "done";
    };

    @Test
    void cookiesOfATaskReachNoOther() {
        answers.ask(10, look);
        answers.await();

        assertThat(answers.errors()).isEmpty();
        assertThat(census.created()).isLessThanOrEqualTo(WORKERS);
    }

    @Test
    void aSiteThatIsCutOffIsNoFaultOfTheBrowser() {
        awaitBrowsers();
        proxy.becomeBlackHole();
        answers.ask(WORKERS, look);
        answers.await();
        assertThat(answers.errors()).hasSize(WORKERS).allSatisfy(error -> assertThat(error)
                .isInstanceOf(TaskExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class));
        proxy.heal();
        worksAgain();
        assertThat(answers.errors()).hasSize(WORKERS);
        assertThat(census.created()).isEqualTo(WORKERS);
    }

    @Test
    void aKilledBrowserAndAKilledDriverAreReplaced() {
        awaitBrowsers();
        List<ProcessHandle> drivers = ProcessHandle.current().children().toList();
        assertThat(drivers).hasSize(WORKERS);
        answers.ask(10, look);
        drivers.get(0).destroyForcibly();
        drivers.get(1).children().forEach(ProcessHandle::destroyForcibly);
        answers.ask(10, look);
        worksAgain();
        assertThat(answers.errors()).isEmpty();
        assertThat(census.created()).isEqualTo(2 * WORKERS);
    }

    @Test
    void frozenBrowsersAreReplaced() throws Exception {
        awaitBrowsers();
        for (ProcessHandle browser : browsers()) {
            Signal.STOP.send(browser);
        }
        answers.ask(10, look);
        worksAgain();
        assertThat(answers.errors()).isEmpty();
    }

    @Test
    void aPageThatCrashesEachBrowserIsLookedAtTwice() {
        awaitBrowsers();
        answers.ask(1, (context, browser) -> {
            browser.driver().get("chrome://crash");
            return "done";
        });
        worksAgain();
        assertThat(answers.errors()).singleElement().satisfies(error -> assertThat(error)
                .isInstanceOf(TaskExecutionException.class)
                .hasCauseInstanceOf(WebDriverException.class));
        assertThat(census.created()).isEqualTo(WORKERS + 2);
    }

    /** Another application with the same folder is killed, and leaves its browsers behind: so does this one at its start. */
    @Test
    void orphansAreSweptAtTheStart() throws Exception {
        awaitBrowsers();
        application.close();
        Process other = startOther();
        try {
            awaitUntil("the other application has browsers", () -> browsers().size() == WORKERS);
        } finally {
            other.children().forEach(ProcessHandle::destroyForcibly);
            other.waitFor();
        }
        List<ProcessHandle> orphans = processes();
        assertThat(orphans).isNotEmpty();

        run();
        answers = new Answers<>(pages);
        assertThat(processes()).doesNotContainAnyElementsOf(orphans);
        worksAgain();
    }

    /** It ends by itself after two minutes, whatever becomes of this test. */
    private Process startOther() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "timeout",
                "-s",
                "KILL",
                "120",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Application.class.getName()));
        command.addAll(List.of(arguments()));
        return new ProcessBuilder(command).inheritIO().start();
    }

    /** The browsers themselves, without what they start. */
    private List<ProcessHandle> browsers() {
        return processes().stream()
                .filter(process -> process.info().command().orElse("").endsWith("/chromium"))
                .filter(process -> !commandLine(process).contains("--type="))
                .toList();
    }

    /** All that has a profile on its command line: drivers, browsers, and what these start. */
    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).contains(folder + "/browsers/"))
                .toList();
    }

    /** Also of those that have written another one over it, of which {@link ProcessHandle.Info} does not know. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    /** Each worker has its browser, and there is no other. */
    private void awaitBrowsers() {
        awaitUntil("each worker has its browser", () -> browsers().size() == WORKERS
                && pages.stats().activeWorkers() == WORKERS);
    }

    private void worksAgain() {
        answers.ask(10, look);
        answers.await();
        awaitBrowsers();
    }
}
