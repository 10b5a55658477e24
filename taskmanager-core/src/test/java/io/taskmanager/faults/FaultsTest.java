package io.taskmanager.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.faults.Faults.Kind;
import io.taskmanager.faults.Faults.Trouble;
import org.junit.jupiter.api.Test;

/** The tool itself: the engine of this world fails where it is told to, and nowhere else. */
@InFaultyWorld
class FaultsTest {

    private static final TaskManagerConfig<Object> CONFIG = TaskManagerConfig.builder(
                    ResourceFactory.of(Object::new, resource -> {}))
            .name("faulty")
            .workerCount(1)
            .build();

    @Test
    void an_engine_without_trouble_works() throws Exception {
        try (TaskManager<Object, Object> manager = TaskManagers.create(CONFIG)) {
            Object answer = manager.queueTask((context, resource) -> 1);
            assertThat(answer).isEqualTo(1);
        }
    }

    @Test
    void counts_the_allocations_of_a_call_and_fails_at_the_one_asked_for() {
        try (TaskManager<Object, Object> manager = TaskManagers.createSynchronous(CONFIG)) {
            assertThat(manager.queueTaskAsync((context, resource) -> 1)).isCompletedWithValue(1);
            assertThat(strikes(Kind.ALLOCATION, manager, Long.MAX_VALUE)).isZero();
            assertThatThrownBy(() -> strikes(Kind.ALLOCATION, manager, 1))
                    .isInstanceOf(OutOfMemoryError.class)
                    .hasMessageMatching("injected at DefaultTaskManager\\.\\w+:\\d+");
        }
    }

    @Test
    void fails_at_the_entry_of_a_method() {
        try (TaskManager<Object, Object> manager = TaskManagers.createSynchronous(CONFIG)) {
            assertThatThrownBy(() -> strikes(Kind.CALL, manager, 1))
                    .isInstanceOf(StackOverflowError.class)
                    .hasMessageStartingWith("injected at DefaultTaskManager.queueTaskAsync");
        }
    }

    @Test
    void spares_all_threads_but_the_victims() {
        try (TaskManager<Object, Object> manager = TaskManagers.createSynchronous(CONFIG);
                Trouble trouble = Faults.arm(Kind.ALLOCATION, thread -> false, number -> true)) {
            assertThat(manager.queueTaskAsync((context, resource) -> 1)).isCompletedWithValue(1);
            assertThat(trouble.passed()).isZero();
        }
    }

    private static int strikes(Kind kind, TaskManager<Object, Object> manager, long first) {
        Thread here = Thread.currentThread();
        try (Trouble trouble = Faults.arm(kind, thread -> thread == here, Faults.from(first, 1))) {
            assertThat(manager.queueTaskAsync((context, resource) -> 1)).isCompletedWithValue(1);
            assertThat(trouble.passed()).isGreaterThan(1);
            return trouble.struck().size();
        }
    }
}
