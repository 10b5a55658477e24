package com.example.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.spring.ui.Sample;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the page asks for its data, and what it says where it gets none. */
class PollingTest extends PageFixture {

    @Test
    void saysWhatIsStaleWhenTheApplicationIsGone() {
        browser.open(start() + PAGE);
        browser.find("[data-manager=images]");

        application.close();

        browser.await(
                "stale",
                () -> browser.find("[data-status]").getText().toLowerCase().contains("stale since"));
        assertThat(browser.value("images", "state")).isEqualTo("RUNNING");
    }

    @Test
    void saysWhatIsStaleWhileNoSamplesAreTaken() {
        browser.open(start("--spring.main.sources=" + HangingCollector.class.getName()) + PAGE);
        HangingCollector collector = application.getBean(HangingCollector.class);
        browser.await("live", () -> status().equals("live"));

        collector.hang();

        browser.await("stale", () -> status().equals("stale"));
        assertThat(browser.find("[data-status]").getText())
                .endsWithIgnoringCase("stale since " + clock(data().cursor()));
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
            browser.open(proxy.url() + PAGE);
            browser.find("[data-manager=images]");

            proxy.refuse(status);

            String notice = browser.find("[data-notice]").getText();
            assertThat(notice).containsIgnoringCase(text);
            assertThat(browser.find("[data-status]").getText()).containsIgnoringCase("stale since");
            assertThat(browser.value("images", "state")).isEqualTo("RUNNING");
        }
    }

    /** A login that has expired leads to a page, often of another origin, where this one may not follow. */
    @Test
    void saysToLogInWhereItIsLedElsewhere() throws IOException {
        try (PrefixProxy proxy = new PrefixProxy("/in", start(WRITES))) {
            browser.open(proxy.url() + PAGE);
            browser.find("[data-manager=images]");

            proxy.lead("http://localhost:1/login");

            assertThat(browser.find("[data-notice]").getText()).contains("Log in");
            act("pause");
            browser.await(
                    "an answer",
                    () -> browser.find("[data-dialog-error]").getText().contains("Log in"));
            browser.assertNothingInTheConsole();
        }
    }

    @Test
    void asksForWhatIsNewAlone() throws IOException {
        try (PrefixProxy proxy = new PrefixProxy("/in", start())) {
            browser.open(proxy.url() + PAGE);

            browser.await("three questions", () -> proxy.asked().size() >= 3);

            List<Long> cursors = proxy.asked().stream()
                    .map(question -> Long.valueOf(question.path().replaceAll(".*data\\?since=(\\d+)", "$1")))
                    .toList();
            assertThat(cursors.get(0)).isZero();
            assertThat(data().managers().get("images").samples())
                    .extracting(Sample::at)
                    .containsAll(cursors.subList(1, cursors.size()));
        }
    }

    @Test
    void standsStillWhileFrozen() {
        browser.open(start() + PAGE);
        browser.find("[data-manager=images]");
        browser.click("[data-control=freeze]");
        browser.await("frozen", () -> status().equals("frozen"));

        images.control().pause();
        awaitSamples(3);

        assertThat(browser.all("[data-manager=images] [data-value=paused]")).isEmpty();
        browser.click("[data-control=freeze]");
        assertThat(browser.find("[data-manager=images] [data-value=paused]").getText())
                .isEqualTo("PAUSED");
    }

    @Test
    void staysFrozenWhenItWasMadeToWrite() {
        browser.open(start(WRITES) + PAGE);
        browser.find("[data-manager=images]");
        browser.click("[data-control=freeze]");

        act("pause");

        browser.await(
                "its result", () -> browser.find("[data-result]").getText().contains("Paused"));
        awaitSamples(3);
        assertThat(images.stats().paused()).isTrue();
        assertThat(browser.all("[data-manager=images] [data-value=paused]")).isEmpty();
        browser.click("[data-control=freeze]");
        assertThat(browser.find("[data-manager=images] [data-value=paused]").getText())
                .isEqualTo("PAUSED");
    }

    @Test
    void asksNothingWhileItIsHidden() throws IOException {
        try (PrefixProxy proxy = new PrefixProxy("/in", start())) {
            browser.open(proxy.url() + PAGE);
            browser.find("[data-manager=images]");

            browser.coverByAnotherTab(() -> {
                int asked = proxy.asked().size();
                awaitSamples(4);
                assertThat(proxy.asked()).hasSizeBetween(asked, asked + 1); // one may have been on its way
                images.control().pause();
            });

            assertThat(browser.find("[data-manager=images] [data-value=paused]").getText())
                    .isEqualTo("PAUSED");
        }
    }

    @Test
    void asksLessAndLessOftenWhereItIsRefused() throws IOException {
        try (PrefixProxy proxy = new PrefixProxy("/in", start())) {
            browser.open(proxy.url() + PAGE);
            browser.find("[data-manager=images]");

            proxy.refuse(500);

            browser.await("three refusals", () -> proxy.refused().size() >= 3);
            List<PrefixProxy.Question> refused = proxy.refused();
            // 2 s, and 4 s, less what the way of one took longer than that of the next
            assertThat(refused.get(1).since(refused.get(0))).isGreaterThan(Duration.ofMillis(1_500));
            assertThat(refused.get(2).since(refused.get(1))).isGreaterThan(Duration.ofMillis(3_000));
        }
    }
}
