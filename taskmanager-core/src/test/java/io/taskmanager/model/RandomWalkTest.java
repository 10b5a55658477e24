package io.taskmanager.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.model.World.Misfortune;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every promise at once, under every fault: walks a manager through a random life, and checks what must hold whatever
 * happened.
 *
 * <ul>
 *   <li>{@code -Dmodel.walks=20000}: how many walks, 250 if not given.
 *   <li>{@code -Dmodel.seed=42}: takes the walk of this seed, again and again, since threads don't repeat themselves.
 *   <li>{@code -Dmodel.parallel=4}: how many at a time.
 *   <li>{@code -Dmodel.depth=100000}: how many tasks a deep walk queues.
 * </ul>
 */
class RandomWalkTest {

    private static final int WALKS = Integer.getInteger("model.walks", 250);
    private static final int PARALLEL = Integer.getInteger("model.parallel", 4);
    private static final Long SEED = Long.getLong("model.seed");
    private static final int DEPTH = Integer.getInteger("model.depth", 100_000);
    private static final int FAILURES_SHOWN = 5;

    @RegisterExtension
    static final QuietFallback QUIET = new QuietFallback();

    @Test
    void keepsEveryPromiseOnEveryWalk() throws Exception {
        takeAll(WALKS, Misfortune.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void keepsEveryPromiseOnAWalkOfGreatDepth(DeepWalk.End end) throws Exception {
        assertThat(new DeepWalk(DEPTH, end).take()).isEmpty();
    }

    @Test
    void keepsTheOrderOfTheLanesOnEveryWalkOfOneWorker() throws Exception {
        SplittableRandom seeds = new SplittableRandom();
        for (int i = 0; i < WALKS; i++) {
            String fault = new OrderWalk(SEED != null ? SEED : seeds.nextLong(Long.MAX_VALUE)).take();
            assertThat(fault).isNull();
        }
    }

    /** Takes so many walks, several at a time; fails with the first few that broke a promise. */
    static void takeAll(int walks, Misfortune misfortune) throws Exception {
        // The JDK's thread for delays stays for ever, and counts as a leftover of the walk that it was started by.
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS))
                .join();
        SplittableRandom chance = new SplittableRandom();
        if (misfortune != Misfortune.NONE) {
            // No class of the tests is initialized for the first time, and broken, while there is no memory.
            Walk.take(chance.nextLong(Long.MAX_VALUE), Misfortune.NONE);
        }
        List<Long> seeds = LongStream.generate(() -> SEED != null ? SEED : chance.nextLong(Long.MAX_VALUE))
                .limit(walks)
                .boxed()
                .toList();
        Queue<Walk.Result> failures = new ConcurrentLinkedQueue<>();
        Map<Call.End, Integer> ends = new EnumMap<>(Call.End.class);
        AtomicLong starts = new AtomicLong();
        AtomicLong resources = new AtomicLong();
        AtomicInteger taken = new AtomicInteger();
        ExecutorService walkers = Executors.newFixedThreadPool(PARALLEL);
        try {
            List<Future<?>> all = seeds.stream()
                    .<Future<?>>map(seed -> walkers.submit(() -> {
                        if (failures.size() >= FAILURES_SHOWN) {
                            return null;
                        }
                        Walk.Result result = Walk.take(seed, misfortune);
                        taken.incrementAndGet();
                        starts.addAndGet(result.starts());
                        resources.addAndGet(result.resources());
                        synchronized (ends) {
                            result.ends().forEach((end, count) -> ends.merge(end, count, Integer::sum));
                        }
                        if (!result.breaches().isEmpty()) {
                            failures.add(result);
                        }
                        return null;
                    }))
                    .toList();
            for (Future<?> walk : all) {
                walk.get();
            }
        } finally {
            walkers.shutdown();
            assertThat(walkers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        System.out.println(taken + " random walks, misfortune " + misfortune + ": calls " + ends + ", attempts "
                + starts + ", resources " + resources);
        assertThat(failures)
                .as("failed walks among " + taken + "; -Dmodel.seed=<seed> takes one again")
                .isEmpty();
    }
}
