package io.taskmanager.spring.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.NoLeakedThreads;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The last five minutes of each manager, in fixed memory. */
@ExtendWith({NoLeakedThreads.class, OutputCaptureExtension.class})
class SamplerTest {

    private final Map<String, @Nullable TaskManager<?, ?>> managers = new LinkedHashMap<>();
    private long now = 1_000_000;
    private final Sampler sampler = new Sampler(() -> managers, () -> now);
    private TaskManager<Object, Object> images;

    @BeforeEach
    void create() throws InterruptedException {
        images = manager("images");
        managers.put("images", images);
    }

    private static TaskManager<Object, Object> manager(String name) throws InterruptedException {
        return TaskManagers.create(TaskManagerConfig.builder(ResourceFactory.of(Object::new, resource -> {}))
                .name(name)
                .workerCount(1)
                .maxWorkerCount(3)
                .burstInterval(Duration.ZERO)
                .build());
    }

    @AfterEach
    void end() {
        sampler.stop();
        images.kill();
    }

    @Test
    void tellsWhatAManagerHasDoneAndIsDoing() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Object unused = images.runTask((context, resource) -> "done");
        var running = images.queueTaskAsync((context, resource) -> {
            end.await();
            return "done";
        });
        var waiting = images.queueTaskAsync((context, resource) -> "done");
        await().until(() -> images.stats().busyWorkers() == 1);
        images.control().pause();

        sampler.sample();

        Sample sample = theOnly(sampler.between("images", 0, now));
        assertThat(sample.at()).isEqualTo(now);
        assertThat(sample)
                .extracting(Sample::arrived, Sample::completed, Sample::main, Sample::busy, Sample::active)
                .containsExactly(3L, 1L, 1, 1, 1);
        assertThat(sample.max()).isEqualTo(3);
        assertThat(sample.paused()).isTrue();
        assertThat(sample.outage()).isFalse();
        assertThat(sample.runs()).isEqualTo(1);
        assertThat(sample.runMillis()).isPositive();
        end.countDown();
        images.control().resume();
        assertThat(running.join()).isEqualTo(waiting.join());
    }

    /**
     * At a sample a second this is less than 0.1 % of a core. Of the processor's time, of which other work on the machine takes
     * nothing away; the best of several rounds, as caches do.
     */
    @Test
    void samplesTwoBusyManagersInLessThanAMillisecond() throws InterruptedException {
        TaskManager<Object, Object> catalog = manager("catalog");
        managers.put("catalog", catalog);
        try (Busy first = new Busy(images);
                Busy second = new Busy(catalog)) {
            await().until(() -> first.done() > 1_000 && second.done() > 1_000);
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long best = Long.MAX_VALUE;
            for (int round = 0; round < 8; round++) {
                long start = threads.getCurrentThreadCpuTime();
                for (int i = 0; i < 100; i++) {
                    now += Sampler.INTERVAL_MILLIS;
                    sampler.sample();
                }
                best = Math.min(best, (threads.getCurrentThreadCpuTime() - start) / 100);
            }

            assertThat(sampler.between("catalog", 0, now)).hasSize(Sampler.KEPT);
            assertThat(Duration.ofNanos(best)).isPositive().isLessThan(Duration.ofMillis(1));
        } finally {
            catalog.kill();
        }
    }

    @Test
    void givesOnlyWhatIsNewSinceACursor() {
        for (int i = 0; i < 3; i++) {
            now += 1000;
            sampler.sample();
        }

        assertThat(sampler.between("images", 0, now))
                .extracting(Sample::at)
                .containsExactly(now - 2000, now - 1000, now);
        assertThat(sampler.between("images", now - 1000, now))
                .extracting(Sample::at)
                .containsExactly(now);
        assertThat(sampler.between("images", sampler.cursor(), now)).isEmpty();
        assertThat(sampler.between("nobody", 0, now)).isEmpty();
    }

    @Test
    void keepsFiveMinutes() {
        long first = now;
        for (int i = 0; i < 400; i++) {
            now += Sampler.INTERVAL_MILLIS;
            sampler.sample();
        }

        assertThat(sampler.between("images", 0, now))
                .extracting(Sample::at)
                .containsExactlyElementsOf(LongStream.rangeClosed(101, 400)
                        .mapToObj(i -> first + i * 1000)
                        .toList());
    }

    @Test
    void goesOnWhenTheClockIsPutBack() {
        sampler.sample();
        long before = sampler.cursor();
        now -= 60_000;

        sampler.sample();

        assertThat(sampler.between("images", before, sampler.cursor())).hasSize(1);
    }

    @Test
    void forgetsAManagerThatIsGone() {
        sampler.sample();
        managers.clear();

        sampler.sample();

        assertThat(sampler.between("images", 0, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void leavesOutWhatIsNotCreatedAndWhatHasNoNumbers() {
        managers.put("lazy", null);
        managers.put("mocked", mock(TaskManager.class));

        sampler.sample();

        PageData data = PageData.since(0, sampler);
        assertThat(data.managers().keySet()).containsExactly("images", "lazy", "mocked");
        assertThat(data.managers().get("images").samples()).hasSize(1);
        assertThat(data.managers().get("lazy").state()).isEqualTo("NOT_CREATED");
        assertThat(data.managers().get("lazy").samples()).isEmpty();
        assertThat(data.managers().get("mocked").samples()).isEmpty();
    }

    /** The events of the cursor's own millisecond come again: some may be younger than the samples. */
    @Test
    void givesTheEventsSinceACursor() {
        images.control().pause();
        images.control().resume();
        long resumed = images.control().events().stream()
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .at()
                .toEpochMilli();

        assertThat(events(0)).contains("PAUSED", "RESUMED");
        assertThat(events(resumed)).contains("RESUMED");
        assertThat(events(resumed + 1)).isEmpty();
    }

    @Test
    void tellsOnceWhatAManagerThrowsAndGoesOnWithTheOthers(CapturedOutput output) {
        TaskManager<?, ?> broken = mock(TaskManager.class);
        willThrow(new StackOverflowError("no numbers")).given(broken).stats();
        managers.put("broken", broken);
        managers.put("catalog", images);

        sampler.sample();
        sampler.sample();

        assertThat(output.getAll().split("the numbers of broken could not be read", -1))
                .hasSize(2);
        assertThat(sampler.between("catalog", 0, Long.MAX_VALUE)).hasSize(2);
        assertThat(sampler.between("broken", 0, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void goesOnWhenTheManagersCantBeFound(CapturedOutput output) {
        Sampler lost = new Sampler(
                () -> {
                    throw new IllegalStateException("the context is closed");
                },
                () -> now);

        lost.sample();

        assertThat(output.getAll())
                .contains("the numbers of all managers could not be read")
                .contains("the context is closed");
    }

    /** Whatever it throws would cancel the samples to come: there is no memory, neither for a sample nor for a line of the log. */
    @Test
    void throwsNothingAndTellsWhatItCouldNotTellBefore(CapturedOutput output) {
        Sampler starved = new Sampler(() -> managers, () -> {
            throw new OutOfMemoryError("no samples");
        });
        FullLog fullLog = new FullLog();
        fullLog.start();
        Logger logger = (Logger) LoggerFactory.getLogger(Sampler.class);
        logger.addAppender(fullLog);
        try {
            assertThatCode(starved::sample).doesNotThrowAnyException();
            assertThatCode(starved::sample).doesNotThrowAnyException();
        } finally {
            logger.detachAppender(fullLog);
        }
        assertThat(fullLog.lines).isEqualTo(2);

        starved.sample();
        starved.sample();
        assertThat(fullLog.lines).isEqualTo(2);
        assertThat(output.getAll().split("the numbers of all managers could not be read", -1))
                .hasSize(2);
    }

    @Test
    void samplesFromItsStartToItsStopInOneThread() {
        sampler.start();
        sampler.start();

        await().until(() -> sampler.cursor() > 0);
        assertThat(samplers()).hasSize(1);
        sampler.stop();
        sampler.stop();
        assertThat(sampler.isRunning()).isFalse();
        await().until(() -> samplers().isEmpty());
    }

    private static List<Thread> samplers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("taskmanager-ui-sampler"))
                .toList();
    }

    private List<String> events(long since) {
        return PageData.since(since, sampler).managers().get("images").events().stream()
                .map(event -> event.type().name())
                .toList();
    }

    private static Sample theOnly(List<Sample> samples) {
        assertThat(samples).hasSize(1);
        return samples.get(0);
    }

    /** Has a manager run one short task after another. */
    private static final class Busy implements AutoCloseable {
        private final AtomicLong done = new AtomicLong();
        private final Thread thread;
        private volatile boolean ending;

        Busy(TaskManager<Object, Object> manager) {
            thread = new Thread(
                    () -> {
                        while (!ending) {
                            var unused = manager.queueTaskAsync((context, resource) -> done.incrementAndGet())
                                    .join();
                        }
                    },
                    "busy");
            thread.start();
        }

        long done() {
            return done.get();
        }

        @Override
        public void close() throws InterruptedException {
            ending = true;
            thread.join();
        }
    }

    /** Ends what logs, before the line is anywhere else. */
    private static final class FullLog extends AppenderBase<ILoggingEvent> {
        private int lines;

        @Override
        protected void append(ILoggingEvent line) {
            lines++;
            throw new OutOfMemoryError("no lines");
        }
    }
}
