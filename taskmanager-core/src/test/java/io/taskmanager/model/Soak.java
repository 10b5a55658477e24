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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One manager under full load for {@code -Dsoak.minutes}, while factory, tasks, callbacks and all other user code fail at
 * random. In the end the books must balance, nothing may be left, and memory must not have grown. Not part of the suite:
 * its name says nothing to Surefire; the Maven profile {@code soak} runs it.
 */
class Soak implements Scene {

    private static final double MINUTES = Double.parseDouble(System.getProperty("soak.minutes", "30"));
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime());
    private static final int ACTORS = 8;
    private static final long REPORT_SECONDS = 30;
    private static final long GROWTH_ALLOWED = 32L << 20;

    @RegisterExtension
    static final QuietFallback QUIET = new QuietFallback();

    @RegisterExtension
    final LeakedThreads threads = new LeakedThreads();

    private final World world = new World(SEED, World.Temper.MIXED, false);
    private final Books books = new Books(world, false);
    private final TaskManagerConfig<ModelResource> config = newConfig();
    private final ModelFactory factory = (ModelFactory) config.resourceFactory();

    private final LongAdder made = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final ConcurrentMap<String, LongAdder> ends = new ConcurrentHashMap<>();
    /** Those without an answer yet: in the end there must be none. */
    private final Set<Call> open = ConcurrentHashMap.newKeySet();

    private final List<Actor> actors = new ArrayList<>();
    private volatile boolean over;
    private volatile boolean ending;
    private TaskManager<ModelResource, Object> manager;

    private TaskManagerConfig<ModelResource> newConfig() {
        int max = 8;
        int pool = 2;
        int temporary = 2;
        return TaskManagerConfig.builder(new ModelFactory(world, max + pool + temporary, false))
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
                .collector(books)
                .listener(books)
                .logger(new ModelLogger(world, false))
                .startupPolicy(StartupPolicy.LENIENT)
                .build();
    }

    @Test
    void loses_nothing_and_leaves_nothing() throws Exception {
        manager = HurriedManagers.create(config);
        for (int i = 0; i < ACTORS; i++) {
            SplittableRandom chance = world.random(-1 - i);
            long firstId = (long) i << 28;
            actors.add(new Actor(world, "soak-actor-" + i, self -> act(self, chance, firstId)));
        }
        long start = System.nanoTime();
        actors.forEach(Thread::start);
        long nanos = (long) (MINUTES * 60e9);
        long heapAtStart = 0;
        int peakThreads = 0;
        for (long next = REPORT_SECONDS; System.nanoTime() - start < nanos; next += REPORT_SECONDS) {
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
        }
        long loadNanos = System.nanoTime() - start;
        over = true;
        Await.until("the end of every actor", () -> actors.stream().noneMatch(Thread::isAlive));
        long heapAtEnd = heapAfterGc();
        ending = true;
        ShutdownReport report = manager.stop();
        world.end.countDown();
        Await.until("an answer to every call", () -> answered.sum() == made.sum());
        Await.until("the end of the manager", () -> manager.state() == TaskManagerState.TERMINATED);

        print(loadNanos, heapAtEnd);
        System.out.printf(
                "soak: seed %d; %s; heap after GC %d KB after the first %d s, %d KB at the end; at most %d threads and %d"
                        + " resources alive%n",
                SEED, report, heapAtStart >> 10, REPORT_SECONDS, heapAtEnd >> 10, peakThreads, factory.peak());
        checkEnd();
        assertThat(heapAtEnd).isLessThan(heapAtStart + GROWTH_ALLOWED);
    }

    private void act(Actor self, SplittableRandom chance, long firstId) {
        for (long step = 0; !over; step++) {
            long id = firstId + step % (1 << 28);
            self.call(() -> makeAndPerhapsCancel(new Call(this, id, 0), chance));
            if (chance.nextInt(500) == 0) {
                actors.get(chance.nextInt(ACTORS)).interruptCall();
            }
            TaskStats stats = manager.stats();
            if (stats.queuedTasks() >= config.queueCapacity()) {
                World.dawdle(100); // refusals alone are no load
            }
        }
    }

    private void checkEnd() {
        Totals totals = books.totals();
        assertThat(world.breaches()).isEmpty();
        assertThat(open).isEmpty();
        assertThat(totals.ended()).isEqualTo(totals.arrived());
        assertThat(books.events()).isEqualTo(totals.arrived());
        assertThat(totals.rejected()).isEqualTo(ended(Call.End.REJECTED));
        long interrupted = ended(Call.End.INTERRUPTED);
        assertThat(totals.completed()).isBetween(ended(Call.End.VALUE), ended(Call.End.VALUE) + interrupted);
        assertThat(totals.failed()).isBetween(ended(Call.End.FAILED), ended(Call.End.FAILED) + interrupted);
        assertThat(totals.cancelled()).isBetween(ended(Call.End.CANCELLED), ended(Call.End.CANCELLED) + interrupted);
        assertThat(totals.timedOut()).isBetween(ended(Call.End.TIMED_OUT), ended(Call.End.TIMED_OUT) + interrupted);
        assertThat(manager.stats()).isEqualTo(new TaskStats(config.workerCount(), 0, 0, 0, 0, 0, 0, 0, 0, 0, false));
        factory.checkEnd();
        assertThat(world.breaches()).isEmpty();
    }

    private long ended(Call.End end) {
        LongAdder count = ends.get(end.name());
        return count == null ? 0 : count.sum();
    }

    private void print(long nanos, long heap) {
        Totals totals = books.totals();
        Map<String, LongAdder> seen = new TreeMap<>(ends);
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
        made.increment();
        open.add(call);
        call.make(manager);
    }

    @Override
    public void makeAndPerhapsCancel(Call call, SplittableRandom chance) {
        make(call);
        if (chance.nextInt(16) == 0) {
            World.dawdle(chance.nextInt(200));
            call.cancel(chance.nextBoolean());
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

    @Override
    public void answered(Call call) {
        call.checkAnswer();
        ends.computeIfAbsent(call.end().name(), end -> new LongAdder()).increment();
        open.remove(call);
        answered.increment();
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
