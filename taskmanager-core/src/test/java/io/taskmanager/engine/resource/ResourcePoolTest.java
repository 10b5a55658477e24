package io.taskmanager.engine.resource;

import static io.taskmanager.testkit.ScriptedFactory.block;
import static io.taskmanager.testkit.ScriptedFactory.fail;
import static io.taskmanager.testkit.ScriptedFactory.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.resource.ResourcePool.Counts;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.engine.support.Threads;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.BrittleLogger;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.LeakedThreads;
import io.taskmanager.testkit.RecordingLogger.Level;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Turns, places and renewals of the resources of runTask. After each test the closed pool is empty. */
class ResourcePoolTest {

    private static final Object OWNER = new Object();
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    final LeakedThreads threads = new LeakedThreads();

    private final ManualTimer timer = new ManualTimer();
    private final ScriptedFactory factory = new ScriptedFactory();
    private final BrittleLogger logger = new BrittleLogger();
    private final List<Slot<Resource>> held = Collections.synchronizedList(new ArrayList<>());
    private ThreadFactory threadFactory = Threads.daemon("test-pool");
    private ResourceLife life = new ResourceLife(null, 0, null);
    private Resources<Resource> resources;
    private ResourcePool<Resource> pool;

    @AfterEach
    void theClosedPoolIsEmptyAndEachResourceDestroyed() throws Exception {
        logger.broken = false;
        pool.close();
        resources.wake();
        pool.interruptFill();
        List.copyOf(held).forEach(slot -> pool.release(slot, OWNER));
        assertThat(pool.awaitEmpty(Await.BOUND.toNanos())).isTrue();
        assertThat(pool.isEmpty()).isTrue();
        assertThat(factory.alive()).isEmpty();
        assertThat(factory.created())
                .allSatisfy(resource -> assertThat(resource.breaches()).isEmpty());
    }

    // -- turns -----------------------------------------------------------------------------------------------------

    @Test
    void callers_that_wait_are_served_in_the_order_of_their_arrival_one_by_each_release() throws Exception {
        open(1, 0);
        Slot<Resource> slot = acquire();
        List<Background<Slot<Resource>>> waiting = waiters(8);

        for (int i = 0; i < 8; i++) {
            pool.release(slot, OWNER);
            slot = waiting.get(i).value();
            assertThat(waiting.subList(i + 1, 8))
                    .allSatisfy(later -> assertThat(later.isDone()).isFalse());
        }

        assertThat(factory.created()).hasSize(1);
    }

    @Test
    void a_newcomer_takes_nothing_while_somebody_waits() throws Exception {
        open(1, 0);
        Slot<Resource> slot = acquire();
        Background<Slot<Resource>> waiter = waiters(1).get(0);

        pool.release(slot, OWNER);

        assertThatThrownBy(() -> pool.acquire(OWNER, Duration.ZERO, timer.nanos()))
                .isInstanceOf(TaskRejectedException.class);
        assertThat(waiter.value().holder().resource().id()).isEqualTo(1);
    }

    @Test
    void a_pooled_place_that_comes_free_goes_to_the_longest_waiter() throws Exception {
        open(1, 0);
        Slot<Resource> slot = acquire();
        List<Background<Slot<Resource>>> waiting = waiters(2);

        slot.setUsable(false);
        pool.release(slot, OWNER);

        assertThat(waiting.get(0).value().holder().resource().id()).isEqualTo(2);
        assertThat(waiting.get(1).isDone()).isFalse();
    }

    @Test
    void a_temporary_place_that_comes_free_goes_to_the_longest_waiter() throws Exception {
        open(0, 1);
        Slot<Resource> slot = acquire();
        List<Background<Slot<Resource>>> waiting = waiters(2);

        pool.release(slot, OWNER);

        assertThat(waiting.get(0).value().holder().resource().id()).isEqualTo(2);
        assertThat(waiting.get(1).isDone()).isFalse();
        assertThat(pool.counts()).isEqualTo(new Counts(0, 1));
    }

    @Test
    void one_that_leaves_the_line_is_passed_by() throws Exception {
        open(1, 0);
        Slot<Resource> slot = acquire();
        List<Background<Slot<Resource>>> waiting = waiters(3);

        waiting.get(1).thread().interrupt();
        assertThatThrownBy(waiting.get(1)::value).isInstanceOf(InterruptedException.class);
        pool.release(slot, OWNER);
        pool.release(waiting.get(0).value(), OWNER);

        assertThat(waiting.get(2).value().holder().resource().id()).isEqualTo(1);
    }

    @Test
    void a_close_refuses_all_that_wait() throws Exception {
        open(1, 0);
        acquire();
        List<Background<Slot<Resource>>> waiting = waiters(3);

        pool.close();

        assertThat(waiting)
                .allSatisfy(waiter -> assertThatThrownBy(waiter::value)
                        .isInstanceOfSatisfying(
                                TaskRejectedException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.SHUTTING_DOWN)));
    }

    @Test
    void nothing_is_lost_when_an_interrupt_meets_a_release() throws Exception {
        open(1, 0);
        for (int i = 0; i < 500; i++) {
            Slot<Resource> slot = acquire();
            Background<Slot<Resource>> waiter = waiters(1).get(0);
            Background<Object> release = Background.start(() -> {
                pool.release(slot, OWNER);
                return null;
            });
            waiter.thread().interrupt();
            release.value();
            releaseIfServed(waiter, InterruptedException.class);

            assertThat(pool.counts().available()).as("round " + i).isEqualTo(1);
        }
    }

    @Test
    void nothing_is_lost_when_a_timeout_meets_a_release() throws Exception {
        open(1, 0);
        for (int i = 0; i < 500; i++) {
            Slot<Resource> slot = acquire();
            Background<Slot<Resource>> waiter =
                    Background.start(() -> pool.acquire(OWNER, Duration.ofNanos(200_000), timer.nanos()));
            spin(ThreadLocalRandom.current().nextInt(600_000));
            pool.release(slot, OWNER);
            releaseIfServed(waiter, TaskRejectedException.class);

            assertThat(pool.counts().available()).as("round " + i).isEqualTo(1);
        }
    }

    // -- one timeout -----------------------------------------------------------------------------------------------

    @Test
    void one_timeout_covers_the_wait_for_a_turn_and_for_the_right_to_create() throws Exception {
        open(1, 0);
        Slot<Resource> slot = acquire();
        Background<Slot<Resource>> waiter = waiters(1).get(0);
        factory.next(fail(new IOException("down")));
        timer.advance(HOUR);

        assertThatThrownBy(() -> pool.exchange(slot, OWNER, () -> false, HOUR))
                .isInstanceOf(ResourceCreationException.class);

        assertThatThrownBy(waiter::value)
                .isInstanceOf(TaskRejectedException.class)
                .hasMessageContaining("the last creation failed");
    }

    @Test
    void an_unfit_resource_is_replaced_in_its_place_past_those_that_wait() throws Exception {
        life = new ResourceLife(null, 0, Duration.ofNanos(1));
        open(1, 0);
        pool.release(acquire(), OWNER);
        timer.advance(HOUR);
        Gate validating = new Gate();
        factory.fitness(resource -> {
            pass(validating);
            return false;
        });
        Background<Slot<Resource>> first = waiter();
        validating.awaitArrivals(1);
        Background<Slot<Resource>> second = waiters(1).get(0);

        validating.open();

        assertThat(first.value().holder().resource().id()).isEqualTo(2);
        assertThat(second.isDone()).isFalse();
        assertThat(factory.destroyed()).hasSize(1);
    }

    @Test
    void a_worn_out_resource_is_replaced_in_its_place() throws Exception {
        life = new ResourceLife(Duration.ofMinutes(1), 0, null);
        open(1, 0);
        pool.release(acquire(), OWNER);
        timer.advance(HOUR);

        assertThat(acquire().holder().resource().id()).isEqualTo(2);
        assertThat(factory.alive()).hasSize(1);
    }

    // -- recycle ---------------------------------------------------------------------------------------------------

    @Test
    void a_recycle_renews_one_resource_after_the_other_elsewhere_and_the_others_serve() throws Exception {
        open(3, 0);
        fill(3);
        List<Resource> old = List.copyOf(factory.created());
        Gate gate = new Gate();
        factory.resetPeakCreating();
        factory.otherwise(block(gate, succeed()));

        recycle();

        gate.awaitArrivals(1);
        assertThat(pool.counts().available()).isEqualTo(2);
        assertThat(factory.destroyed()).hasSize(1);
        pool.release(acquire(), OWNER);
        gate.open();
        awaitAvailable(3);
        assertThat(factory.alive()).hasSize(3).doesNotContainAnyElementsOf(old);
        assertThat(factory.peakCreating()).isEqualTo(1);
        assertThat(old).allSatisfy(resource -> assertThat(resource.destroyer()).isNotSameAs(Thread.currentThread()));
    }

    @Test
    void a_recycle_during_a_renewal_has_it_look_again() throws Exception {
        open(2, 0);
        fill(2);
        Gate gate = new Gate();
        factory.next(block(gate, succeed()));
        recycle();
        gate.awaitArrivals(1);

        recycle();
        gate.open();

        Await.until("two of the last generation", () -> factory.created().size() == 5);
        awaitAvailable(2);
        assertThat(acquire().holder().generation()).isEqualTo(2);
        assertThat(acquire().holder().generation()).isEqualTo(2);
    }

    @Test
    void a_recycle_at_every_creation_does_not_keep_callers_from_their_turn() throws Exception {
        open(1, 0);
        fill(1);
        factory.otherwise(made -> {
            resources.recycle();
            pool.renew();
            return succeed().create(made);
        });
        recycle();

        for (int i = 0; i < 20; i++) {
            pool.release(acquire(), OWNER);
        }

        factory.otherwise(succeed());
    }

    @Test
    void a_resource_that_is_held_is_renewed_when_it_comes_back_though_others_wait() throws Exception {
        open(1, 0);
        Slot<Resource> slot = acquire();
        Background<Slot<Resource>> waiter = waiters(1).get(0);
        recycle();
        assertThat(factory.destroyed()).isEmpty();

        pool.release(slot, OWNER);

        assertThat(waiter.value().holder().resource().id()).isEqualTo(2);
        assertThat(factory.created().get(1).creator()).isNotIn(Thread.currentThread(), waiter.thread());
    }

    @Test
    void a_renewal_that_fails_gives_its_place_up_and_leaves_the_others() throws Exception {
        open(3, 0);
        fill(3);
        factory.next(fail(new IOException("down")));

        recycle();

        Await.until("the failure", () -> factory.destroyed().size() == 1 && resources.isOutage());
        awaitAvailable(2);
        assertThat(factory.alive()).hasSize(2);
        Await.untilAsserted(() -> assertThat(logger.lines(Level.WARN))
                .anySatisfy(line -> assertThat(line.text()).contains("could not create a resource")));
    }

    @Test
    void what_an_outage_kept_from_renewal_is_renewed_after_its_next_use() throws Exception {
        open(2, 0);
        fill(2);
        factory.next(fail(new IOException("down")));
        recycle();
        Await.until("the failure", () -> factory.destroyed().size() == 1 && resources.isOutage());
        awaitAvailable(1);
        timer.advance(HOUR);

        pool.release(acquire(), OWNER);

        Await.until("the renewal", () -> factory.destroyed().size() == 2);
        awaitAvailable(1);
    }

    @Test
    void a_close_ends_a_renewal() throws Exception {
        open(2, 0);
        fill(2);
        Gate gate = new Gate();
        factory.otherwise(block(gate, succeed()));
        recycle();
        gate.awaitArrivals(1);

        pool.close();
        assertThat(pool.awaitEmpty(0)).isFalse();
        gate.open();

        assertThat(pool.awaitEmpty(Await.BOUND.toNanos())).isTrue();
        assertThat(factory.created()).hasSize(3);
    }

    @Test
    void a_kill_interrupts_a_renewal() throws Exception {
        open(1, 0);
        fill(1);
        Gate gate = new Gate();
        factory.otherwise(block(gate, succeed()));
        recycle();
        gate.awaitArrivals(1);

        pool.close();
        pool.interruptFill();

        assertThat(pool.awaitEmpty(Await.BOUND.toNanos())).isTrue();
        assertThat(gate.isOpen()).isFalse();
    }

    // -- errors ----------------------------------------------------------------------------------------------------

    @Test
    void a_place_is_free_though_the_destruction_throws() throws Exception {
        open(1, 0);
        factory.onDestroy(resource -> {
            throw new StackOverflowError("of the factory");
        });
        Slot<Resource> slot = acquire();
        slot.setUsable(false);

        pool.release(slot, OWNER);

        assertThat(acquire().holder().resource().id()).isEqualTo(2);
    }

    @Test
    void a_place_is_free_though_the_engine_throws_in_a_release() throws Exception {
        open(1, 0);
        Slot<Resource> slot = acquire();
        slot.setUsable(false);
        logger.broken = true;

        pool.release(slot, OWNER);

        assertThat(acquire().holder().resource().id()).isEqualTo(2);
    }

    @Test
    void a_place_is_free_though_the_engine_throws_in_an_acquire() throws Exception {
        life = new ResourceLife(Duration.ofMinutes(1), 0, null);
        open(1, 0);
        pool.release(acquire(), OWNER);
        timer.advance(HOUR);
        logger.broken = true;

        Slot<Resource> slot = acquire();
        pool.release(slot, OWNER);

        assertThat(acquire().holder().resource().id()).isEqualTo(2);
    }

    @Test
    void a_slot_is_released_once() throws Exception {
        open(1, 1);
        Slot<Resource> slot = acquire();
        pool.release(slot, OWNER);

        pool.release(slot, OWNER);

        assertThat(pool.counts()).isEqualTo(new Counts(1, 0));
    }

    @Test
    void without_a_thread_a_recycled_resource_serves_on_until_there_is_one() throws Exception {
        threadFactory = action -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        open(1, 0);
        pool.release(acquire(), OWNER);
        recycle();

        Slot<Resource> slot = acquire();
        assertThat(slot.holder().resource().id()).isEqualTo(1);
        threadFactory = Threads.daemon("test-pool");
        pool.release(slot, OWNER);

        Await.until("the renewal", () -> factory.destroyed().size() == 1);
        awaitAvailable(1);
    }

    @Test
    void without_a_thread_a_close_destroys_what_is_idle_itself() throws Exception {
        threadFactory = action -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        open(1, 0);
        pool.release(acquire(), OWNER);

        pool.close();

        assertThat(factory.destroyed()).hasSize(1);
    }

    private static final FactoryLimits NO_LIMITS = new FactoryLimits(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            io.taskmanager.Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30)));

    // -- steps -----------------------------------------------------------------------------------------------------

    private void open(int poolSize, int maxTemporary) {
        Guard guard = new Guard(logger);
        EventLog events = new EventLog("test", null, guard);
        resources = new Resources<>("test", factory, life, NO_LIMITS, events, logger, guard, timer);
        pool = new ResourcePool<>(
                "test", resources, logger, action -> threadFactory.newThread(action), poolSize, maxTemporary);
    }

    private void fill(int size) {
        assertThat(pool.fill()).succeedsWithin(Await.BOUND);
        assertThat(pool.counts().available()).isEqualTo(size);
    }

    private void recycle() {
        resources.recycle();
        pool.renew();
    }

    private void awaitAvailable(int count) {
        Await.until(count + " idle resources", () -> pool.counts().available() == count);
    }

    private Slot<Resource> acquire() throws InterruptedException {
        Slot<Resource> slot = pool.acquire(OWNER, HOUR, timer.nanos());
        held.add(slot);
        return slot;
    }

    private Background<Slot<Resource>> waiter() {
        return Background.start(this::acquire);
    }

    /** Threads that wait for a resource, in this order. */
    private List<Background<Slot<Resource>>> waiters(int count) {
        List<Background<Slot<Resource>>> waiting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waiting.add(waiter().parked());
        }
        return waiting;
    }

    private void releaseIfServed(Background<Slot<Resource>> waiter, Class<? extends Exception> otherwise) {
        try {
            pool.release(waiter.value(), OWNER);
        } catch (Exception e) {
            assertThat(e).isInstanceOf(otherwise);
        }
    }

    private static void spin(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void pass(Gate gate) {
        try {
            gate.pass();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
