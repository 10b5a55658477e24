package io.taskmanager.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.Task;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskOptions;
import io.taskmanager.engine.ManualManagers;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.engine.support.ManualTimer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Sets up managers for a test and takes them down after it. Then it proves what must hold after every test, whatever it
 * did: each call was answered exactly once, each resource destroyed exactly once and never used by two, no thread left.
 */
public final class TestBed implements BeforeEachCallback, AfterEachCallback {

    private final LeakedThreads threads = new LeakedThreads();
    private final ScriptedFactory factory = new ScriptedFactory();
    private final RecordingLogger logger = new RecordingLogger(true);
    private final ManualTimer timer = new ManualTimer();
    private final List<TaskManager<Resource, Object>> managers = new CopyOnWriteArrayList<>();
    private final Queue<Answer<?>> answers = new ConcurrentLinkedQueue<>();
    private final List<Gate> gates = new CopyOnWriteArrayList<>();

    /** The factory of every manager set up here. */
    public ScriptedFactory factory() {
        return factory;
    }

    /** The logger of every manager set up here, unless the test set another. */
    public RecordingLogger logger() {
        return logger;
    }

    /** The time of every manager set up by {@link #timedManager}; moves only when the test says so. */
    public ManualTimer timer() {
        return timer;
    }

    /** The threads started since the test began and still there. */
    public List<Thread> threads() {
        return threads.leaked();
    }

    /** Waits until this many workers wait for a task; a blocking call borrows one of those. */
    public void awaitIdleWorkers(TaskManager<Resource, Object> manager, int count) {
        String prefix = manager.name() + "-worker-";
        Await.until(
                count + " idle workers",
                () -> manager.stats().busyWorkers() == 0
                        && manager.stats().activeWorkers() == count
                        && threads().stream()
                                        .filter(thread -> thread.getName().startsWith(prefix)
                                                && thread.getState() == Thread.State.WAITING)
                                        .count()
                                == count);
    }

    /** A gate that is opened after the test at the latest. */
    public Gate gate() {
        Gate gate = new Gate();
        gates.add(gate);
        return gate;
    }

    /** A config of one worker, without scaling and without a pause before retries, save for what the test sets. */
    public TaskManagerConfig<Resource> config(UnaryOperator<TaskManagerConfig.Builder<Resource>> settings) {
        return settings.apply(TaskManagerConfig.builder(factory)
                        .name("test")
                        .workerCount(1)
                        .burstInterval(Duration.ZERO)
                        .retryBackoff(Backoff.none())
                        .logger(logger))
                .build();
    }

    /** Creates a manager from {@link #config}, and kills it after the test if it still runs. */
    public TaskManager<Resource, Object> manager(UnaryOperator<TaskManagerConfig.Builder<Resource>> settings) {
        TaskManager<Resource, Object> manager = TaskManagers.create(config(settings));
        managers.add(manager);
        return manager;
    }

    /** As {@link #manager}, begun alone: for {@link TaskManagers#awaitStart}. */
    public TaskManager<Resource, Object> begunManager(UnaryOperator<TaskManagerConfig.Builder<Resource>> settings) {
        TaskManager<Resource, Object> manager = TaskManagers.begin(config(settings));
        managers.add(manager);
        return manager;
    }

    /** As {@link #manager}, without workers. */
    public TaskManager<Resource, Object> synchronousManager(
            UnaryOperator<TaskManagerConfig.Builder<Resource>> settings) {
        TaskManager<Resource, Object> manager = TaskManagers.createSynchronous(config(settings));
        managers.add(manager);
        return manager;
    }

    /** As {@link #manager}, in the time of {@link #timer}. */
    public TaskManager<Resource, Object> timedManager(UnaryOperator<TaskManagerConfig.Builder<Resource>> settings) {
        TaskManager<Resource, Object> manager = ManualManagers.create(config(settings), timer);
        managers.add(manager);
        return manager;
    }

    /** Submits a task with options of its own. */
    public <T> Answer<T> submit(
            TaskManager<Resource, Object> manager, TaskOptions.Builder options, Task<Resource, T> task) {
        Answer<T> answer = new Answer<>();
        answer.madeWith(manager.submit(watched(task), options.build()));
        return track(answer);
    }

    /** Makes a call, one that blocks on a thread of its own. */
    public <T> Answer<T> call(EntryPoint entry, TaskManager<Resource, Object> manager, Task<Resource, T> task) {
        return track(entry.call(manager, watched(task)));
    }

    /** Makes a call on this thread. */
    public <T> Answer<T> callHere(EntryPoint entry, TaskManager<Resource, Object> manager, Task<Resource, T> task) {
        return track(entry.callHere(manager, watched(task)));
    }

    private <T> Answer<T> track(Answer<T> answer) {
        answers.add(answer);
        return answer;
    }

    /** A task that tells its resource of each use. */
    public static <T> Task<Resource, T> watched(Task<Resource, T> task) {
        return (context, resource) -> {
            resource.enter();
            try {
                return task.execute(context, resource);
            } finally {
                resource.exit();
            }
        };
    }

    /** Keeps so many workers busy, and returns once they are; they go on when the gate is opened. */
    public Gate occupy(TaskManager<Resource, Object> manager, int workers) {
        Gate gate = gate();
        for (int i = 0; i < workers; i++) {
            call(EntryPoint.QUEUE_TASK_WITH_PRIORITY_ONCE_ASYNC, manager, (context, resource) -> {
                gate.pass();
                return null;
            });
        }
        gate.awaitArrivals(workers);
        Await.until("busy workers in stats", () -> manager.stats().busyWorkers() == workers);
        return gate;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        threads.beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        gates.forEach(Gate::open);
        managers.forEach(TestBed::end);
        answers.forEach(Answer::await);
        threads.afterEach(context);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.deliveries()).isEqualTo(1));
        assertThat(factory.created())
                .allSatisfy(resource -> assertThat(resource.breaches()).isEmpty());
        assertThat(factory.alive()).as("resources not destroyed").isEmpty();
        assertThat(logger.errors()).as("calls that can't be formatted").isEmpty();
    }

    private static void end(TaskManager<Resource, Object> manager) {
        if (manager.state() == TaskManagerState.RUNNING || manager.state() == TaskManagerState.STOPPING) {
            try {
                manager.kill();
            } catch (IllegalStateException e) {
                // The stop that was under way has come to its end first.
                assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
            }
        }
        Await.until("the manager's end", () -> manager.state() == TaskManagerState.TERMINATED);
    }
}
