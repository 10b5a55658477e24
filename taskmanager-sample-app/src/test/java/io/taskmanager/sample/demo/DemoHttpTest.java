package io.taskmanager.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskmanager.TaskManager;
import io.taskmanager.sample.catalog.CatalogSession;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.image.Pictures;
import io.taskmanager.sample.web.Service.Answer;
import io.taskmanager.sample.web.ServiceHttpTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.ActiveProfiles;

/** The service with the profile "demo", on a clock that the test moves and with pauses that take no time. */
@ActiveProfiles("demo")
@Tag("once")
class DemoHttpTest extends ServiceHttpTest {

    private static final Duration LONGER_THAN_ANY = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ManualClock CLOCK = new ManualClock();
    private static final List<Duration> PAUSES = new CopyOnWriteArrayList<>();
    /** What pauses last for: no time, unless a test has something to see meanwhile. */
    private static volatile CountDownLatch held = new CountDownLatch(0);

    @Autowired
    TaskManager<ImageProcessor, Object> images;

    @Autowired
    TaskManager<CatalogSession, Object> catalog;

    @TestConfiguration
    static class Time {

        @Bean
        ManualClock clock() {
            return CLOCK;
        }

        @Bean
        Pause pause() {
            return time -> {
                PAUSES.add(time);
                held.await();
            };
        }
    }

    @BeforeEach
    void forgetPauses() {
        PAUSES.clear();
    }

    @AfterEach
    void end() {
        held.countDown();
        catalog.control().resume();
        CLOCK.advance(LONGER_THAN_ANY);
        await().atMost(PATIENCE).until(() -> !isOn("import"));
    }

    @Test
    void nothingIsOnUntilSomebodyAsksAndThePageIsToldThatThereAreButtons() throws Exception {
        for (String action : List.of("import", "slow-disk", "break-processors")) {
            assertThat(isOn(action)).isFalse();
        }
        assertThat(service.get("/actuator/info").<Boolean>json("$.demo")).isTrue();
    }

    @Test
    void anImportTakes200NewPhotosThroughBothManagersOneImportAtATime() throws Exception {
        int before = service.get("/photos").json("$.total");
        catalog.control().pause(); // so that none is over yet

        assertThat(begin("import").status()).isEqualTo(202);
        Answer again = begin("import");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.<String>json("$.detail")).contains("is on already");
        catalog.control().resume();

        await().atMost(PATIENCE).until(() -> !isOn("import"));
        assertThat(state().<String>json("$['import'].detail")).isEqualTo("200 of 200 imported, 0 failed");
        assertThat(service.get("/photos").<Integer>json("$.total")).isEqualTo(before + 200);
        String preview = service.get("/photos").json("$.photos[0].links.preview");
        assertThat(service.get(preview).status()).isEqualTo(200);
    }

    @Test
    void aSlowDiskDelaysTheWritesOfPhotosThatAreImportedWithIt() throws Exception {
        assertThat(begin("slow-disk").<Integer>json("$['slow-disk'].secondsLeft"))
                .isEqualTo(30);
        assertThat(begin("slow-disk").status()).isEqualTo(409);

        await().atMost(PATIENCE).until(() -> !isOn("import"));
        assertThat(PAUSES).hasSize(200 * 3).containsOnly(Duration.ofMillis(100));
        CLOCK.advance(LONGER_THAN_ANY);
        assertThat(isOn("slow-disk")).isFalse();
        PAUSES.clear();
        assertThat(service.post("/photos", "image/jpeg", Pictures.numbered(1)).status())
                .isEqualTo(201);
        assertThat(PAUSES).isEmpty();
    }

    @Test
    void aSlowDiskHoldsTheImportBackAndBringsWorkersUpToTheMaximum() throws Exception {
        held = new CountDownLatch(1);

        begin("slow-disk");

        int max = images().json("$.maxWorkers");
        assertThat(max).isGreaterThan(images().<Integer>json("$.stats.baseWorkers"));
        await().atMost(PATIENCE).until(() -> images().<Integer>json("$.stats.activeWorkers") == max);
        assertThat(images().<Integer>json("$.stats.queuedTasks")).isPositive();
        assertThat(images().<String>json("$.why")).contains("busy");
    }

    @Test
    void brokenProcessorsAreReplacedThenMissingThenAllIsMadeUpFor() throws Exception {
        long retried = images.metrics().totalTasksRetried();

        assertThat(begin("break-processors").status()).isEqualTo(202);

        await().atMost(PATIENCE).until(() -> images.stats().activeWorkers() == 0);
        assertThat(state().<String>json("$['break-processors'].detail")).isEqualTo("no processor can be made");
        assertThat(images.metrics().totalTasksRetried() - retried).isGreaterThanOrEqualTo(10);
        assertThat(images.control().explain()).contains("no resource can be created");
        assertThat(service.get("/actuator/health").<String>json("$.components.taskManagers.components.images.status"))
                .isEqualTo("DOWN");
        assertThat(isOn("import")).isTrue();

        CLOCK.advance(LONGER_THAN_ANY);
        assertThat(isOn("break-processors")).isFalse();
        await().atMost(PATIENCE).until(() -> !isOn("import"));
        Answer imported = service.get("/imports");
        assertThat(imported.<Integer>json("$[0].remaining")).isZero();
        assertThat(imported.<Integer>json("$[0].done"))
                .as("few meet a broken one three times")
                .isGreaterThan(180);
        assertThat(images.stats().activeWorkers()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void whatIsNoneOfThemIs404AndSaysWhatThereIs() throws Exception {
        Answer answer = begin("nothing");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.<String>json("$.detail")).contains("import", "slow-disk", "break-processors");
    }

    /** These a page of another origin may send without asking. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void onlyJsonIsTaken(String type) throws Exception {
        assertThat(service.post("/demo/slow-disk", type, new byte[0]).status()).isEqualTo(415);
        assertThat(isOn("slow-disk")).isFalse();
    }

    private Answer begin(String action) throws IOException, InterruptedException {
        return service.postJson("/demo/" + action, "{}");
    }

    private Answer images() throws IOException, InterruptedException {
        return service.get("/actuator/taskmanager/images");
    }

    private Answer state() throws IOException, InterruptedException {
        return service.get("/demo");
    }

    private boolean isOn(String action) throws IOException, InterruptedException {
        return state().json("$['" + action + "'].on");
    }
}
