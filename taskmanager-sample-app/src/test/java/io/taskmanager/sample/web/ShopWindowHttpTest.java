package io.taskmanager.sample.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.sample.web.Service.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page at /, as the packaged jar has it: without the profile "demo". What it does in a browser is tested there. */
class ShopWindowHttpTest extends ServiceHttpTest {

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"#]+)\"");

    @Test
    void allThatThePageLoadsIsThereAndRelativeAndChecked() throws Exception {
        Answer page = service.get("/");
        assertThat(page.header("Content-Type")).startsWith("text/html");

        List<String> links =
                LINK.matcher(page.text()).results().map(found -> found.group(1)).toList();
        assertThat(links)
                .contains("style.css", "panel.js", "gallery.js", "demo.js", "icon.svg", "actuator/taskmanagerui")
                .noneMatch(link -> link.startsWith("/") || link.contains("://"));
        for (String link : links) {
            if (!link.equals("actuator/taskmanagerui")) { // has tests of its own
                assertThat(service.get("/" + link).status()).as(link).isEqualTo(200);
            }
        }
        assertThat(service.get("/style.css").header("Cache-Control")).isEqualTo("no-cache");
    }

    @Test
    void nothingInThePageIsInlineAndNoDataBecomesMarkup() throws Exception {
        String page = service.get("/").text();

        assertThat(page).contains("default-src 'self'").doesNotContain("<style", " style=", " onclick=");
        Matcher script = Pattern.compile("<script[^>]*>([^<]*)</script>").matcher(page);
        while (script.find()) {
            assertThat(script.group(1)).isEmpty();
        }
        for (String name : List.of("panel.js", "gallery.js", "demo.js")) {
            assertThat(service.get("/" + name).text())
                    .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
        }
    }

    @Test
    void thePanelReadsWhatTheEndpointTells() throws Exception {
        for (String name : List.of("images", "catalog")) {
            assertThat(service.get("/").text()).contains("data-manager=\"" + name + "\"");
            Answer manager = service.get("/actuator/taskmanager/" + name);
            assertThat(manager.status()).isEqualTo(200);
            for (String path : List.of(
                    "$.state",
                    "$.why",
                    "$.stats.queuedTasks",
                    "$.stats.priorityTasks",
                    "$.stats.retryingTasks",
                    "$.stats.busyWorkers",
                    "$.stats.activeWorkers",
                    "$.stats.baseWorkers",
                    "$.stats.startingWorkers",
                    "$.stats.paused",
                    "$.metrics.totalTasksCompleted",
                    "$.metrics.totalTasksRetried",
                    "$.metrics.totalTasksFailed",
                    "$.maxWorkers")) {
                assertThat(manager.<Object>json(path)).as(path).isNotNull();
            }
        }
    }

    @Test
    void thereIsNoDemo() throws Exception {
        assertThat(service.get("/demo").status()).isEqualTo(404);
        for (String action : List.of("import", "slow-disk", "break-processors")) {
            assertThat(service.postJson("/demo/" + action, "{}").status()).isEqualTo(404);
        }
        // What the page asks before it shows buttons.
        assertThat(service.get("/actuator/info").text()).doesNotContain("\"demo\"");
    }

    /** Neither for the health of the whole nor for the meters of its pool. */
    @Test
    void nobodyConnectsToTheDatabaseOfDurableTasksWhileTheyAreOff() throws Exception {
        assertThat(service.get("/actuator/health").text()).doesNotContain("\"db\"", "durableTasks");
        assertThat(service.get("/actuator/prometheus").status()).isEqualTo(200);
        assertThat(service.get("/actuator/durabletasks").status()).isEqualTo(404);

        assertThat(data()).isDirectoryNotContaining("glob:**/tasks*");
    }

    /** Not in the configuration of the plugin, which the processing ahead of time would see too. */
    @Test
    void springBootRunTurnsTheDemoAndDurableImportsOn() throws Exception {
        assertThat(Files.readString(Path.of("pom.xml")))
                .containsOnlyOnce("<spring-boot.run.profiles>demo,durable</spring-boot.run.profiles>")
                .doesNotContain("<profiles>");
    }
}
