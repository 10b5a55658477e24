package io.taskmanager.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.ShutdownReport;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskStats;
import io.taskmanager.engine.HurriedManagers;
import io.taskmanager.model.Books.Totals;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.LeakedThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One manager under full load for {@code -Dsoak.minutes}, while factory, tasks, callbacks and all other user code fail at
 * random. In the end the books must balance, nothing may be left, and memory must not have grown. Not part of the suite:
 * its name says nothing to Surefire; the Maven profile {@code soak} runs it.
 *
 * <p>With {@code -Dsoak.hog.seconds=60} something else in the process exhausts the heap for a moment each minute. Then a call
 * may throw an {@code OutOfMemoryError}, and nobody knows what has become of its task: the balance leaves room for those, and
 * for nothing else. Whatever counts here does that without memory; a process of its own has the rest of the test out of it.
 */
class Soak implements Scene {

    private static final double MINUTES = Double.parseDouble(System.getProperty("soak.minutes", "30"));
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime());
    private static final long HOG_SECONDS = Long.getLong("soak.hog.seconds", 0);
    private static final int ACTORS = 8;
    private static final long REPORT_SECONDS = 30;
    private static final long GROWTH_ALLOWED = 32L << 20;

    @RegisterExtension
    static final QuietFallback QUIET = new QuietFallback();

    @RegisterExtension
    final LeakedThreads threads = new LeakedThreads();

    private final World world = new World(SEED, World.Temper.MIXED, false, HOG_SECONDS > 0);
    private final Books books = new Books(world, false);
    private final TaskManagerConfig<ModelResource> config = newConfig();
    private final ModelFactory factory = (ModelFactory) config.resourceFactory();

    private final HeapHog hog = new HeapHog(HOG_SECONDS);
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    /** By the ordinals of {@link Call.End}. */
    private final AtomicLongArray ends = new AtomicLongArray(Call.End.values().length);
    /** How many calls were answered with an error of the JVM: the engine's, or one that the task met. */
    private final AtomicLong misfortunes = new AtomicLong();

    private final List<Actor> actors = new ArrayList<>();
    private volatile boolean over;
    private volatile boolean ending;
    private TaskManager<ModelResource, Object> manager;

    private TaskManagerConfig<ModelResource> newConfig() {
        int max = 8;
        int pool = 2;
        int temporary = 2;
        TaskManagerConfig.Builder<ModelResource> builder = TaskManagerConfig.builder(
                        new ModelFactory(world, max + pool + temporary, false))
                .name("soak")
                .workerCount(4)
                .maxWorkerCount(max)
                .burstInterval(Duration.ofMillis(10))
                .retryBackoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(20)))
                .resourcePoolSize(pool)
                .maxTemporaryResources(temporary)
                .acquireTimeout(Duration.ofMillis(50))
                .queueCapacity(200)
                .priorityQueueCapacity(100)
                .enqueueTimeout(Duration.ofMillis(100))
                .priorityBurstLimit(10)
                .taskTimeout(Duration.ofMillis(20))
                .queueTimeout(Duration.ofSeconds(1))
                .stuckTaskGrace(Duration.ofMillis(5))
                .healthCheck(ModelError.healthCheck(world))
                .creationBackoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(20)))
                .listener(books)
                .logger(new ModelLogger(world, false))
                .startupPolicy(StartupPolicy.LENIENT);
        if (HOG_SECONDS == 0) {
            builder.collector(books); // else the engine's own, which no lack of memory may keep from counting
        }
        return builder.build();
    }

    @Test
    void loses_nothing_and_leaves_nothing() throws Exception {
        if (HOG_SECONDS == 0) {
            soak();
        } else {
            assertThat(exitCodeOfChild()).isZero();
        }
    }

    private static int exitCodeOfChild() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        System.getProperties().stringPropertyNames().stream()
                .filter(property -> property.startsWith("soak."))
                .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, Soak.class.getName()));
        // What it prints goes through this process, whose own output speaks to Surefire.
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(new Thread(child::destroyForcibly));
        try (BufferedReader lines = child.inputReader()) {
            lines.lines().forEach(System.out::println);
        }
        return child.waitFor();
    }

    /** The soak as a program. */
    public static void main(String[] args) {
        try {
            LeakedThreads threads = new LeakedThreads();
            threads.beforeEach(null);
            QUIET.beforeAll(null);
            new Soak().soak();
            threads.afterEach(null);
            System.exit(0);
        } catch (Throwable e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void soak() throws InterruptedException {
        manager = HurriedManagers.create(config);
        for (int i = 0; i < ACTORS; i++) {
            SplittableRandom chance = world.random(-1 - i);
            long firstId = (long) i << 28;
            actors.add(new Actor(world, "soak-actor-" + i, self -> act(self, chance, firstId)));
        }
        long start = System.nanoTime();
        actors.forEach(Thread::start);
        hog.start();
        long nanos = (long) (MINUTES * 60e9);
        long heapAtStart = 0;
        int peakThreads = 0;
        for (long next = REPORT_SECONDS; System.nanoTime() - start < nanos; next += REPORT_SECONDS) {
            try {
                long until = Math.min(nanos, TimeUnit.SECONDS.toNanos(next));
                while (System.nanoTime() - start < until) {
                    TimeUnit.MILLISECONDS.sleep(200);
                    peakThreads = Math.max(peakThreads, Thread.activeCount());
                }
                long heap = heapAfterGc();
                if (heapAtStart == 0) {
                    heapAtStart = heap; // once everything has been loaded and is warm
                }
                print(System.nanoTime() - start, heap);
            } catch (VirtualMachineError e) {
                if (!world.isMisfortune(e)) {
                    throw e;
                }
            }
        }
        long loadNanos = System.nanoTime() - start;
        over = true;
        hog.end();
        Await.until("the end of every actor", () -> actors.stream().noneMatch(Thread::isAlive));
        long heapAtEnd = heapAfterGc();
        ending = true;
        AtomicReference<ShutdownReport> report = new AtomicReference<>();
        new Actor(world, "soak-stop", self -> report.set(manager.stop())).start();
        Await.until("the end of the stop", () -> report.get() != null);
        world.end.countDown();
        Await.until("an answer to every call", () -> answered.get() == made.get());
        Await.until("the end of the manager", () -> manager.state() == TaskManagerState.TERMINATED);

        print(loadNanos, heapAtEnd);
        System.out.printf(
                "soak: seed %d; %s; heap exhausted %d times; heap after GC %d KB after the first %d s, %d KB at the end; at most %d threads and %d"
                        + " resources alive%n",
                SEED,
                report.get(),
                hog.times(),
                heapAtStart >> 10,
                REPORT_SECONDS,
                heapAtEnd >> 10,
                peakThreads,
                factory.peak());
        checkEnd();
        assertThat(heapAtEnd).isLessThan(heapAtStart + GROWTH_ALLOWED);
    }

    private void act(Actor self, SplittableRandom chance, long firstId) {
        for (long step = 0; !over; step++) {
            try {
                step(self, chance, firstId + step % (1 << 28));
            } catch (VirtualMachineError e) {
                if (!world.isMisfortune(e)) {
                    throw e;
                }
            }
        }
    }

    private void step(Actor self, SplittableRandom chance, long id) {
        self.call(() -> makeAndPerhapsCancel(new Call(this, id, 0), chance));
        if (chance.nextInt(500) == 0) {
            actors.get(chance.nextInt(ACTORS)).interruptCall();
        }
        TaskStats stats = manager.stats();
        if (stats.queuedTasks() >= config.queueCapacity()) {
            World.dawdle(100); // refusals alone are no load
        }
    }

    private void checkEnd() {
        Totals totals = totals();
        assertThat(world.breaches()).isEmpty();
        assertThat(totals.ended()).isEqualTo(totals.arrived());
        long lost = ended(Call.End.LOST) + misfortunes.get();
        if (HOG_SECONDS == 0) {
            assertThat(books.events()).isEqualTo(totals.arrived());
            assertThat(lost).isZero();
        }
        checkTotal(totals.rejected(), ended(Call.End.REJECTED), 0);
        checkTotal(totals.completed(), ended(Call.End.VALUE), ended(Call.End.INTERRUPTED));
        checkTotal(totals.failed(), ended(Call.End.FAILED), ended(Call.End.INTERRUPTED));
        checkTotal(
                totals.cancelled(), ended(Call.End.CANCELLED) + ended(Call.End.BY_HAND), ended(Call.End.INTERRUPTED));
        checkTotal(totals.timedOut(), ended(Call.End.TIMED_OUT), ended(Call.End.INTERRUPTED));
        assertThat(manager.stats()).isEqualTo(new TaskStats(config.workerCount(), 0, 0, 0, 0, 0, 0, 0, 0, 0, false));
        factory.checkEnd();
        assertThat(world.breaches()).isEmpty();
    }

    /** An error of the JVM hides one answer, or takes the place of one. */
    private void checkTotal(long actual, long seen, long unknown) {
        long lost = ended(Call.End.LOST) + misfortunes.get();
        assertThat(actual).isBetween(seen - misfortunes.get(), seen + unknown + lost);
    }

    private long ended(Call.End end) {
        return ends.get(end.ordinal());
    }

    private Totals totals() {
        return HOG_SECONDS == 0 ? books.totals() : Totals.of(manager.metrics());
    }

    private void print(long nanos, long heap) {
        Totals totals = totals();
        Map<Call.End, Long> seen = new EnumMap<>(Call.End.class);
        Arrays.stream(Call.End.values()).forEach(end -> seen.put(end, ended(end)));
        System.out.printf(
                "soak: %d s, %d tasks/s, %s, callers saw %s, %d resources created, heap after GC %d KB, %d threads, %s%n",
                nanos / 1_000_000_000,
                (long) (totals.ended() / (nanos / 1e9)),
                totals,
                seen,
                factory.created(),
                heap >> 10,
                Thread.activeCount(),
                manager.stats());
    }

    private static long heapAfterGc() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public TaskManagerConfig<ModelResource> config() {
        return config;
    }

    @Override
    public void make(Call call) {
        made.incrementAndGet();
        call.make(manager);
    }

    @Override
    public void makeAndPerhapsCancel(Call call, SplittableRandom chance) {
        make(call);
        switch (chance.nextInt(64)) {
            case 0, 1, 2, 3 -> {
                World.dawdle(chance.nextInt(200));
                call.cancel(chance.nextBoolean());
            }
            case 4 -> call.completeByHand(chance);
            default -> {}
        }
    }

    @Override
    public void checkStopOfOwnTask(ModelResource.Use by, SplittableRandom chance) {
        try {
            if (!by.context.isCancelled()) {
                manager.stop();
                world.breach(by + " stopped its own manager");
            }
        } catch (IllegalStateException e) {
            // As it should be.
        }
    }

    /** Not here: the load goes on to the end. */
    @Override
    public void stopFromUserCode(SplittableRandom chance) {}

    @Override
    public boolean isSynchronous() {
        return false;
    }

    @Override
    public void answered(Call call) {
        try {
            call.checkAnswer();
        } finally {
            ends.incrementAndGet(call.end().ordinal());
            if (call.end() != Call.End.LOST && call.hadMisfortune()) {
                misfortunes.incrementAndGet();
            }
            answered.incrementAndGet();
        }
    }

    @Override
    public boolean isEnding() {
        return ending;
    }

    @Override
    public boolean mayKill() {
        return false;
    }
}
