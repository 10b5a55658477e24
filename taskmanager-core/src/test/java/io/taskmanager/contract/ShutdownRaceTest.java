package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.RecordingCollector;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Exactly one answer, stop and kill: a task that races the end is answered if it was accepted, and refused if not. */
class ShutdownRaceTest {

    private static final int ROUNDS = 25;
    private static final int TASKS = 8;

    @RegisterExtension
    final TestBed bed = new TestBed();

    @EveryEntryPoint
    void runsOrRefusesATaskThatRacesAStop(EntryPoint entry) throws Exception {
        race(entry, TaskManager::stop, false);
    }

    @EveryEntryPoint
    void answersOrRefusesATaskThatRacesAKill(EntryPoint entry) throws Exception {
        race(entry, TaskManager::kill, true);
    }

    private void race(EntryPoint entry, Function<TaskManager<Resource, Object>, ShutdownReport> end, boolean cancelled)
            throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var ran = new AtomicInteger();
            var collector = new RecordingCollector();
            var manager = bed.manager(config -> config.collector(collector));
            var barrier = new CyclicBarrier(2);
            Background<ShutdownReport> ending = Background.start(() -> {
                barrier.await();
                return end.apply(manager);
            });
            List<Answer<Integer>> answers = new ArrayList<>();
            barrier.await();
            for (int i = 0; i < TASKS; i++) {
                answers.add(bed.call(entry, manager, (context, resource) -> ran.incrementAndGet()));
            }
            answers.forEach(Answer::await);
            ending.value();

            assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
            long values = answers.stream().filter(answer -> !answer.isError()).count();
            long refused = 0;
            for (Answer<Integer> answer : answers) {
                if (answer.isError() && answer.error() instanceof TaskRejectedException error) {
                    assertThat(error.reason()).isEqualTo(TaskRejectedException.Reason.SHUTTING_DOWN);
                    refused++;
                } else if (answer.isError()) {
                    assertThat(cancelled).isTrue();
                    assertThat(answer.error()).isExactlyInstanceOf(TaskCancelledException.class);
                }
            }
            assertThat((long) collector.completions().size()).isEqualTo(values);
            assertThat((long) collector.rejections()).isEqualTo(refused);
            assertThat((long) collector.arrivals()).isEqualTo(TASKS - refused);
            assertThat(collector.terminals()).isEqualTo(collector.arrivals());
            assertThat((long) ran.get()).isBetween(values, TASKS - refused);
        }
    }

    @Test
    void endsOnceWhenStopAndKillRace() throws Exception {
        for (int round = 0; round < 200; round++) {
            var manager = bed.manager(config -> config);
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);
            var barrier = new CyclicBarrier(2);
            Background<Boolean> kill = Background.start(() -> {
                barrier.await();
                return succeeds(manager::kill);
            });
            barrier.await();
            boolean stopped = succeeds(manager::stop);
            boolean killed = kill.value();

            assertThat(stopped || killed).isTrue();
            assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
        }
    }

    private static boolean succeeds(Runnable end) {
        try {
            end.run();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
