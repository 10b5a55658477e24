package com.example.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;

/** The live page as people see it. */
class UiTest extends PageFixture {

    private void work(int tasks) {
        for (int i = 0; i < tasks; i++) {
            images.queueTaskAsync((context, resource) -> null).join();
        }
    }

    @Test
    void numbersMove() {
        String url = start();
        browser.open(url + PAGE);
        browser.await("live", () -> status().equals("live"));
        assertThat(browser.value("images", "state")).isEqualTo("RUNNING");
        assertThat(browser.value("images", "queue-main")).isEqualTo("0");
        assertThat(browser.all("[data-manager=images] [data-chart] canvas")).hasSize(6);
        assertThat(browser.all("[data-manager=catalog] [data-chart] canvas")).hasSize(6);

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
        assertThat(browser.find("[data-manager=images] [data-workers] tbody").getText())
                .contains("BUSY", "task-");
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
        browser.open(start(WRITES) + PAGE);

        browser.click("[data-manager=images] [data-action=pause]");
        WebElement confirm = browser.find("[data-dialog-confirm]");
        browser.find("dialog [name=typed]").sendKeys("image");
        assertThat(confirm.isEnabled()).isFalse();
        browser.find("dialog [name=typed]").sendKeys("s");
        confirm.click();

        browser.await("a pause", () -> images.stats().paused());
        assertThat(browser.find("[data-manager=images] [data-value=paused]").getText())
                .isEqualTo("PAUSED");
        act("resume");
        browser.await("an end of the pause", () -> !images.stats().paused());
        browser.assertNothingInTheConsole();
    }

    @Test
    void resizes() {
        browser.open(start(WRITES) + PAGE);

        resize(3, 7);

        browser.await("a resize", () -> browser.value("images", "max").equals("7"));
        assertThat(images.stats().baseWorkers()).isEqualTo(3);
    }

    @Test
    void showsWhyAWriteIsRefused() {
        browser.open(start(WRITES) + PAGE);

        resize(5, 4);

        browser.await(
                "an answer", () -> browser.find("[data-dialog-error]").getText().contains("maxWorkerCount"));
        assertThat(images.stats().baseWorkers()).isEqualTo(2);
    }

    @Test
    void hasNoButtonsWhereNothingIsAllowed() {
        browser.open(start() + PAGE);

        browser.find("[data-manager=images]");

        assertThat(browser.all("[data-action]")).isEmpty();
    }

    @Test
    void isAccessibleInLightAndDarkWideAndNarrow() throws InterruptedException {
        browser.open(start(WRITES) + PAGE);
        try (Waves unused = new Waves(images)) {
            awaitSamples(5);
            for (String theme : new String[] {"light", "dark"}) {
                if (!browser.script("return document.documentElement.dataset.theme")
                        .equals(theme)) {
                    browser.click("[data-control=theme]");
                }
                for (int width : new int[] {390, 1280}) {
                    browser.resize(width, 900);
                    browser.await("no scrolling sideways", () -> (Boolean)
                            browser.script("return document.documentElement.scrollWidth <= window.innerWidth"));
                    browser.assertAccessible(theme + ", " + width);
                }
            }
            browser.click("[data-manager=images] [data-chart=queue] [data-control=table]");
            browser.assertAccessible("a chart as a table");
            browser.click("[data-manager=images] [data-action=pause]");
            browser.assertAccessible("the dialog");
        }
    }

    @Test
    void worksBehindAProxyThatTakesAPrefixAway() throws IOException {
        String url = start(WRITES);
        try (PrefixProxy proxy = new PrefixProxy("/team/tool", url)) {
            browser.open(proxy.url() + PAGE);

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
