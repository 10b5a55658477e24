package io.taskmanager.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskStats;
import io.taskmanager.engine.queue.Attempt;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskTerms;
import io.taskmanager.engine.queue.TimeLimits;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import java.lang.Thread.State;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DefaultControlTest {

    private final ManualTimer timer = new ManualTimer();
    private final TaskManagerConfig<Object> config = TaskManagerConfig.builder(
                    ResourceFactory.<Object>of(Object::new, resource -> {}))
            .workerCount(1)
            .build();
    private final EngineParts<Object> parts = EngineParts.of(config, timer, false);

    /** Between two looks a task would go into its back-off: there it is counted, and not yet among those to retry. */
    @Test
    void explain_takes_all_its_numbers_in_one_look() {
        QueuedTask<Object, Object> task = running();
        AtomicReference<Background<Boolean>> retrying = new AtomicReference<>();
        TaskManager<?, ?> manager = manager(() -> {
            TaskStats before = stats();
            Background<Boolean> retry = Background.start(() -> parts.queue().retry(task, null, Duration.ofHours(1), 0));
            Await.until(
                    "the retry, or its wait",
                    () -> retry.isDone() || retry.thread().getState() == State.WAITING);
            retrying.set(retry);
            return before;
        });

        String sentence = new DefaultControl(config, parts, manager).explain();

        assertThat(sentence).isEqualTo("Nothing waits: 0 of 0 workers are busy.");
        assertThat(retrying.get().value()).isTrue();
        assertThat(new DefaultControl(config, parts, manager(this::stats)).explain())
                .isEqualTo("1 tasks wait for the end of their back-off (retryBackoff); nothing else does.");
    }

    private QueuedTask<Object, Object> running() {
        QueuedTask<Object, Object> task = new QueuedTask<>(
                new TaskTerms(
                        parts.queue(), TaskLane.MAIN, TaskOptions.builder().build(), 3, TimeLimits.NONE),
                (context, resource) -> "",
                null);
        assertThat(parts.queue().enter(task, timer.nanos())).isTrue();
        assertThat(task.waiting2running(new NoAttempt(), timer.nanos())).isTrue();
        return task;
    }

    private TaskStats stats() {
        return new TaskStats(1, 0, 0, 0, 0, 0, 0, 0, parts.queue().counts().retrying(), 0, false);
    }

    /** One that knows no more than what the control asks it. */
    private static TaskManager<?, ?> manager(Supplier<TaskStats> stats) {
        return (TaskManager<?, ?>) Proxy.newProxyInstance(
                DefaultControlTest.class.getClassLoader(),
                new Class<?>[] {TaskManager.class},
                (proxy, method, arguments) ->
                        method.getName().equals("state") ? TaskManagerState.RUNNING : stats.get());
    }

    private static final class NoAttempt implements Attempt {
        @Override
        public Runnable cancel(boolean interrupt) {
            return () -> {};
        }
    }
}
