package com.example.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskOutcome;
import io.taskmanager.WorkerInfo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What the page shows of managers, and how. */
class ContentTest extends PageFixture {

    private static final String[] ONE_WORKER = {
        "--taskmanager.managers.images.worker-count=1", "--taskmanager.managers.images.max-worker-count=1"
    };

    private static final String[] MORE = {
        "--taskmanager.managers.mails.worker-count=1",
        "--taskmanager.managers.reports.worker-count=1",
        "--taskmanager.managers.archive.worker-count=1"
    };

    /** Of three tasks one fails for good, and one after a retry does not. */
    private void runThree() {
        images.queueTaskAsync((context, resource) -> null).join();
        images.queueTaskAsync((context, resource) -> {
                    if (context.attempt() == 1) {
                        throw new IOException("broken");
                    }
                    return null;
                })
                .join();
        fail(images);
    }

    private static void fail(TaskManager<StringBuilder, Object> manager) {
        manager.queueTaskAsync((context, resource) -> {
                    throw new IllegalStateException("failed");
                })
                .handle((value, error) -> null)
                .join();
    }

    @Test
    void saysWhatToWriteWhereThereIsNoManager() {
        browser.open(start(
                        "--spring.config.location=optional:classpath:/none.yml",
                        "--server.port=0",
                        "--management.endpoints.web.exposure.include=taskmanagerui",
                        "--management.endpoint.taskmanagerui.access=read-only")
                + PAGE);

        assertThat(browser.find("[data-empty=managers]").getText()).contains("taskmanager:", "worker-count: 4");
        browser.await("live", () -> status().equals("live"));
        browser.assertAccessible("without managers");
        browser.assertNothingInTheConsole();
    }

    @Test
    void tellsWhyAndHowOftenTasksWaitFailAndAreTriedAgain() {
        browser.open(start(ONE_WORKER) + PAGE);
        awaitSamples(1); // what is counted grows between samples

        runThree();

        browser.await("retries", () -> browser.value("images", "retries").equals("1"));
        browser.await(
                "a third of failures",
                () -> browser.value("images", "failure-ratio").equals("33.3 %"));
        assertThat(browser.value("images", "wait-p95")).matches("[0-9.]+ (ms|s)");
        browser.await(
                "why",
                () -> browser.value("images", "why").equals(images.control().explain()));
    }

    @Test
    void tellsWhatEachWorkerHasDone() {
        browser.open(start(ONE_WORKER) + PAGE);
        images.control().recycle();

        runThree();

        browser.await("that the worker knows", () -> last(worker().lastOutcomes()) == TaskOutcome.FAILED);
        WorkerInfo worker = worker();
        assertThat(worker.lastOutcomes()).contains(TaskOutcome.COMPLETED);
        assertThat(worker.generation()).isEqualTo(1);
        List<String> outcomes = worker.lastOutcomes().stream().map(Enum::name).toList();
        String row = "[data-manager=images] [data-workers] tbody tr";
        browser.await(
                "outcomes",
                () -> String.join(", ", outcomes)
                        .equalsIgnoreCase(browser.find(row + " .outcomes").getAttribute("aria-label")));
        assertThat(browser.all(row + " .dot"))
                .extracting(dot -> dot.getAttribute("class"))
                .isEqualTo(outcomes.stream().map(outcome -> "dot " + outcome).toList());
        List<String> cells = texts(row + " td");
        assertThat(cells.get(3)).as("age").matches("[0-9.]+ (ms|s)");
        assertThat(cells.subList(4, 6))
                .as("uses and generation")
                .containsExactly(String.valueOf(worker.uses()), String.valueOf(worker.generation()));
    }

    private WorkerInfo worker() {
        return images.control().workers().get(0);
    }

    private static TaskOutcome last(List<TaskOutcome> outcomes) {
        return outcomes.isEmpty() ? null : outcomes.get(outcomes.size() - 1);
    }

    @Test
    void showsTheLastEventsAndThoseOfATypeAlone() {
        browser.open(start() + PAGE);
        images.control().pause();
        images.control().resume();
        String types = "[data-manager=images] [data-events] .type";
        browser.await("the last of them", () -> browser.find(types).getText().equals("RESUMED"));
        List<String> all = images.control().events().stream()
                .map(event -> event.type().name())
                .sorted()
                .toList();
        assertThat(texts(types)).containsExactlyInAnyOrderElementsOf(all).contains("PAUSED", "RESOURCE_CREATED");

        browser.click("[data-manager=images] [data-filter=PAUSED]");
        assertThat(texts(types)).containsExactly("PAUSED");

        browser.click("[data-manager=images] [data-filter=RESUMED]");
        assertThat(texts(types)).containsExactly("RESUMED", "PAUSED");

        browser.click("[data-manager=images] [data-filter=PAUSED]");
        browser.click("[data-manager=images] [data-filter=RESUMED]");
        assertThat(texts(types)).hasSameSizeAs(all);
    }

    private static List<String> texts(String css) {
        return browser.all(css).stream().map(WebElement::getText).toList();
    }

    @Test
    void tellsInATableWhatThereMayBeAndWhereScalingActed() {
        browser.open(start(WRITES) + PAGE);
        browser.find("[data-manager=images]");
        awaitSamples(1);
        resize(3, 7);
        browser.click("[data-manager=images] [data-chart=workers] [data-control=table]");

        browser.await("another maximum", () -> maxima().contains("7"));
        assertThat(maxima()).contains("4").startsWith("7");
        String resized = images.control().events().stream()
                .filter(event -> event.type() == TaskManagerEvent.Type.RESIZED)
                .map(TaskManagerEvent::detail)
                .findFirst()
                .orElseThrow();
        browser.await(
                "the mark",
                () -> texts("[data-chart=workers] td:last-child").stream().anyMatch(marks -> marks.contains(resized)));
    }

    private static List<String> maxima() {
        return texts("[data-manager=images] [data-chart=workers] td:nth-child(5)");
    }

    @Test
    void eachLineOfAChartHasDashesOfItsOwn() {
        browser.open(start() + PAGE);

        browser.await(
                "charts",
                () -> browser.all("[data-manager=images] [data-chart]").size() == 6);
        for (WebElement chart : browser.all("[data-manager=images] [data-chart]")) {
            List<String> dashes = chart.findElements(By.cssSelector("[data-series] line")).stream()
                    .map(line -> line.getAttribute("stroke-dasharray"))
                    .toList();
            assertThat(dashes)
                    .as(chart.getAttribute("data-chart"))
                    .hasSizeGreaterThan(1)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void tellsPercentilesOfWaitsAndOfRuns() {
        browser.open(start(ONE_WORKER) + PAGE);
        browser.find("[data-manager=images]");

        runThree();

        for (String line : new String[] {"waits p95", "waits p99", "runs p50", "runs p95", "runs p99"}) {
            String[] names = line.split(" ");
            String key = "[data-manager=images] [data-chart=" + names[0] + "] [data-series='" + names[1] + "'] .value";
            browser.await(line, () -> browser.find(key).getText().matches("[0-9.]+ (ms|s)"));
        }
    }

    @Test
    void recyclesAndSaysSo() {
        browser.open(start(WRITES) + PAGE);
        browser.find("[data-manager=images]");

        act("recycle");

        browser.await(
                "its result", () -> browser.find("[data-result]").getText().contains("Recycled"));
        browser.await(
                "other resources",
                () -> texts("[data-manager=images] [data-workers] td:nth-child(7)").stream()
                        .allMatch(generation -> Integer.parseInt(generation) == 1));
    }

    @Test
    void hasTheThemeOfTheSystemUnlessTheOtherWasChosen() {
        try {
            browser.prefer("dark");
            browser.open(start() + PAGE);
            browser.await("dark", () -> theme().equals("dark"));
            browser.prefer("light");
            browser.await("light", () -> theme().equals("light"));

            browser.click("[data-control=theme]");
            assertThat(theme()).isEqualTo("dark");
            browser.reload();
            assertThat(theme()).isEqualTo("dark");

            browser.click("[data-control=theme]");
            browser.prefer("dark");
            browser.await("the system's", () -> theme().equals("dark"));
        } finally {
            browser.prefer("light");
        }
    }

    private static String theme() {
        return (String) browser.script("return document.documentElement.dataset.theme");
    }

    @Test
    void outlinesWhatHasTheFocusOfTheKeyboard() {
        browser.open(start() + PAGE);

        browser.press(Keys.TAB);

        assertThat(
                        browser.script(
                                "const style = getComputedStyle(document.activeElement);"
                                        + "return [document.activeElement.dataset.control, style.outlineStyle, style.outlineWidth].join(' ')"))
                .isEqualTo("freeze solid 2px");
    }

    @Test
    void showsTheWorstFirstWhereThereAreMany() {
        String url = start(MORE);
        images.control().pause();
        browser.open(url + PAGE);

        browser.await("all of them", () -> browser.all("[data-overview] li").size() == 5);
        assertThat(browser.all("[data-overview] li").get(0).getAttribute("data-overview"))
                .isEqualTo("images");
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
    void ranksAManagerThatFailsBeforeOneThatHasMuchToDo() {
        browser.open(start(MORE) + PAGE);
        browser.await("all of them", () -> browser.all("[data-overview] li").size() == 5);
        awaitSamples(1);

        for (int i = 0; i < 20; i++) {
            images.queueTaskAsync((context, resource) -> {
                end.await();
                return null;
            });
        }
        fail(manager("reports"));

        browser.await("an order", () -> ranks().subList(0, 2).equals(List.of("reports", "images")));
    }

    private static List<String> ranks() {
        return browser.all("[data-overview] li").stream()
                .map(row -> row.getAttribute("data-overview"))
                .toList();
    }

    @Test
    void drawsASparklineForEachOfMany() {
        browser.open(start(MORE) + PAGE);

        browser.await(
                "lines",
                () -> ((List<?>)
                                        browser.script(
                                                "return [...document.querySelectorAll('.spark path')].map(path => path.getAttribute('d'))"))
                                .stream()
                                        .filter(path -> String.valueOf(path).matches("M[\\d. ]+(L[\\d. ]+)+"))
                                        .count()
                        == 5);
    }
}
