package io.taskmanager.engine.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ScalingSnapshot;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DefaultScalingPolicyTest {

    private static final int BASE = 2;
    private static final int MAX = 10;

    private int active = 2;
    private int starting;
    private int busy = 2;
    private int backlog;
    private double arrivals;
    private Duration run = Duration.ofMillis(100);
    private Duration creation = Duration.ofSeconds(1);
    private Duration idle = Duration.ZERO;

    private Duration delay;

    private int target() {
        return new DefaultScalingPolicy(delay)
                .targetWorkers(new ScalingSnapshot(
                        BASE, MAX, active, starting, busy, backlog, arrivals, arrivals, run, creation, idle));
    }

    @Test
    void stays_while_the_backlog_is_gone_sooner_than_a_new_resource_is_there() {
        backlog = 20; // 20 x 100 ms on 2 workers = 1 s = the creation time

        assertThat(target()).isEqualTo(2);
    }

    @Test
    void grows_to_run_the_backlog_off_in_one_creation_time() {
        backlog = 60; // 6 s of work, 1 s to do it in
        assertThat(target()).isEqualTo(6);

        creation = Duration.ofSeconds(2);
        assertThat(target()).isEqualTo(3);
    }

    @Test
    void adds_what_arrives_meanwhile() {
        backlog = 60;
        arrivals = 15; // keeps 1.5 workers busy

        assertThat(target()).isEqualTo(8);
    }

    @Test
    void follows_a_steady_load_by_littles_law() {
        arrivals = 55;

        assertThat(target()).isEqualTo(6);
    }

    @Test
    void counts_workers_being_created() {
        active = 2;
        starting = 4;
        backlog = 60; // 6 present run it off in 1 s

        assertThat(target()).isEqualTo(6);
    }

    @Test
    void never_leaves_its_bounds() {
        backlog = 1_000_000;
        assertThat(target()).isEqualTo(MAX);

        backlog = 0;
        idle = Duration.ofHours(1);
        arrivals = 0;
        assertThat(target()).isEqualTo(BASE);
    }

    @Test
    void no_count_and_no_time_is_too_large_to_reckon_with() {
        backlog = Integer.MAX_VALUE;
        assertThat(target()).isEqualTo(MAX);
        run = Duration.ZERO;
        assertThat(target()).isEqualTo(MAX);

        creation = Duration.ofSeconds(Long.MAX_VALUE);
        run = creation;
        arrivals = Double.MAX_VALUE;
        assertThat(target()).isEqualTo(MAX);
        idle = creation;
        active = MAX;
        assertThat(target()).isEqualTo(MAX);
        arrivals = 0;
        assertThat(target()).isEqualTo(BASE);
    }

    @Test
    void cheap_tasks_do_not_grow_it() {
        run = Duration.ofNanos(500);
        backlog = 10_000; // 5 ms of work

        assertThat(target()).isEqualTo(2);
    }

    @Test
    void long_tasks_of_unknown_length_grow_it_by_what_waits() {
        run = Duration.ZERO;
        backlog = 3;
        assertThat(target()).isEqualTo(5);

        busy = 1; // an idle worker will take one first
        assertThat(target()).isEqualTo(2);

        busy = 2;
        starting = 1; // one is on its way
        assertThat(target()).isEqualTo(3);
    }

    @Test
    void shrinks_after_the_delay_that_was_set() {
        delay = Duration.ofMinutes(5);
        active = 6;
        busy = 0;
        idle = delay.minusNanos(1);
        assertThat(target()).isEqualTo(6);

        idle = delay;
        assertThat(target()).isEqualTo(BASE);
    }

    @Test
    void keeps_the_burst_until_the_idle_grace_is_over() {
        active = 6;
        busy = 0;
        idle = Duration.ofMillis(1_999);
        assertThat(target()).isEqualTo(6);

        idle = Duration.ofSeconds(2); // two creation times
        assertThat(target()).isEqualTo(BASE);
    }

    @Test
    void the_grace_has_a_least_and_a_greatest_length() {
        active = 6;
        busy = 0;
        creation = Duration.ZERO;
        idle = Duration.ofMillis(999);
        assertThat(target()).isEqualTo(6);
        idle = Duration.ofSeconds(1);
        assertThat(target()).isEqualTo(BASE);

        creation = Duration.ofMinutes(10);
        idle = Duration.ofSeconds(59);
        assertThat(target()).isEqualTo(6);
        idle = Duration.ofSeconds(60);
        assertThat(target()).isEqualTo(BASE);
    }

    @Test
    void shrinks_to_what_the_load_needs_and_a_margin() {
        active = 10;
        busy = 4;
        arrivals = 40;
        idle = Duration.ofMinutes(1);

        assertThat(target()).isEqualTo(5); // 4 + 0.5 x the root of 4
    }

    @Test
    void never_lets_a_busy_worker_go() {
        active = 8;
        busy = 5;
        run = Duration.ZERO; // tasks so long that none has finished
        idle = Duration.ofMinutes(1);

        assertThat(target()).isEqualTo(5);
    }

    @Test
    void stays_while_a_worker_is_idle() {
        active = 4;
        busy = 3;
        arrivals = 60; // as it was some seconds ago
        idle = Duration.ofMillis(100);
        assertThat(target()).isEqualTo(4);

        idle = Duration.ofMinutes(1);
        assertThat(target()).isEqualTo(4);
    }

    @Test
    void present_workers_that_are_many_enough_run_the_backlog_off() {
        arrivals = 35; // keeps 3.5 workers busy
        backlog = 60; // and this 6 more for one creation time
        active = 10;
        busy = 10;
        assertThat(target()).isEqualTo(10);

        active = 9;
        busy = 9;
        assertThat(target()).isEqualTo(10);
    }

    @Test
    void workers_that_arrivals_keep_busy_do_not_run_the_backlog_off() {
        arrivals = 19; // keeps 1.9 of 2 workers busy
        backlog = 19; // 1.9 s of work, which 0.1 workers would do in 19 s

        assertThat(target()).isEqualTo(4);
    }

    @Test
    void a_pool_without_a_worker_grows_like_one_with() {
        active = 0;
        busy = 0;
        backlog = 11; // 1.1 s of work

        assertThat(target()).isEqualTo(BASE);
        backlog = 30;
        assertThat(target()).isEqualTo(3);
    }
}
