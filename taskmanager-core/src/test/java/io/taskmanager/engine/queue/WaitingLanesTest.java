package io.taskmanager.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskLane;
import io.taskmanager.TaskOptions;
import io.taskmanager.engine.metrics.DefaultMetricsCollector;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.engine.support.SystemLogger;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WaitingLanesTest {

    private static final int LIMIT = 3;

    private final ManualTimer timer = new ManualTimer();
    private final Ledger ledger =
            new Ledger(new DefaultMetricsCollector(timer), null, null, new Guard(new SystemLogger("test")));
    private final TaskQueue queue =
            new TaskQueue("test", new Object(), 9, 9, LIMIT, timer, Runnable::run, ledger, () -> {});
    private final WaitingLanes lanes = new WaitingLanes(9, 9, LIMIT, new ReentrantLock(), ledger);

    /** Or it would be negative after 2^31 tasks, and no main task due until 2^31 more. */
    @Test
    void a_streak_of_priority_tasks_is_counted_up_to_the_limit_and_no_further() {
        for (int i = 0; i < LIMIT + 5; i++) {
            lanes.admit(task(TaskLane.PRIORITY));
            lanes.poll();
        }
        assertThat(lanes.priorityStreak).isEqualTo(LIMIT);

        lanes.admit(task(TaskLane.MAIN));
        lanes.poll();
        assertThat(lanes.priorityStreak).isZero();
    }

    /** The first has a link to the one that was taken before it, which may be in another lane by now. */
    @Test
    void the_first_the_second_and_the_last_are_taken_out_after_one_was_taken() {
        List<QueuedTask<Object, Object>> tasks =
                Stream.generate(() -> task(TaskLane.MAIN)).limit(6).toList();
        tasks.forEach(lanes::admit);
        assertThat(lanes.poll()).isSameAs(tasks.get(0));
        lanes.retry.add(tasks.get(0));
        for (int number : new int[] {1, 3, 5}) {
            lanes.removeWaiting(tasks.get(number));
        }

        assertThat(Stream.generate(lanes::poll).takeWhile(Objects::nonNull))
                .containsExactly(tasks.get(0), tasks.get(2), tasks.get(4));
        assertThat(lanes.isEmpty()).isTrue();
    }

    /** They do so after the first thousand. */
    @Test
    void a_lane_is_full_at_its_capacity_before_and_after_its_positions_have_gone_round() {
        for (int i = 0; i < 9; i++) {
            assertThat(lanes.admit(task(TaskLane.MAIN))).isTrue();
        }
        for (int i = 0; i < 3000; i++) {
            assertThat(lanes.admit(task(TaskLane.MAIN))).isFalse();
            assertThat(lanes.mainSize()).isEqualTo(9);
            assertThat(lanes.poll()).isNotNull();
            assertThat(lanes.admit(task(TaskLane.MAIN))).isTrue();
        }
        assertThat(lanes.accepted()).isEqualTo(3009);
    }

    private QueuedTask<Object, Object> task(TaskLane lane) {
        return new QueuedTask<>(
                new TaskTerms(queue, lane, TaskOptions.builder().build(), 0, TimeLimits.NONE),
                (context, resource) -> "",
                null);
    }
}
