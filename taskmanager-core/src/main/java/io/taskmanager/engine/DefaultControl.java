package io.taskmanager.engine;

import io.taskmanager.TaskLane;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskStats;
import io.taskmanager.TaskTimes;
import io.taskmanager.WorkerInfo;
import io.taskmanager.engine.resource.FactoryCalls;
import io.taskmanager.engine.resource.Outage;
import io.taskmanager.engine.support.StackRoom;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands each wish to the part that it is for, and notes it. */
final class DefaultControl implements TaskManagerControl {

    private final TaskManagerConfig<?> config;
    private final EngineParts<?> parts;
    private final TaskManager<?, ?> manager;

    DefaultControl(TaskManagerConfig<?> config, EngineParts<?> parts, TaskManager<?, ?> manager) {
        this.config = config;
        this.parts = parts;
        this.manager = manager;
    }

    @Override
    public void pause() {
        StackRoom.ensure();
        refuseWithoutWorkers("pause");
        parts.queue().pause();
        parts.standstill().begin();
        note(Type.PAUSED, "workers take no tasks");
    }

    @Override
    public void resume() {
        StackRoom.ensure();
        parts.queue().resume();
        note(Type.RESUMED, "workers take tasks");
    }

    @Override
    public void resize(int workerCount, int maxWorkerCount) {
        StackRoom.ensure();
        refuseWithoutWorkers("resize");
        check(workerCount, maxWorkerCount);
        parts.scaler().resize(workerCount, maxWorkerCount);
        parts.resources().probe();
        note(Type.RESIZED, "to " + workerCount + " workers, at most " + maxWorkerCount);
    }

    /** The config knows what can be, and says so. */
    private void check(int workerCount, int maxWorkerCount) {
        TaskManagerConfig.builder(config.resourceFactory())
                .workerCount(workerCount)
                .maxWorkerCount(maxWorkerCount)
                .build();
        if (config.maxResources().isPresent() && maxWorkerCount > config.maxWorkerCount()) {
            int most = config.maxResources().getAsInt();
            int forCallers = parts.pool().limit();
            if ((long) maxWorkerCount + forCallers > most) {
                throw new IllegalArgumentException("maxWorkerCount must be at most " + (most - forCallers)
                        + ", since maxResources is " + most + " and runTask may have " + forCallers + ", but was "
                        + maxWorkerCount);
            }
        }
    }

    @Override
    public void recycle() {
        StackRoom.ensure();
        parts.resources().recycle();
        parts.resources().probe(); // before the idle workers look whether a replacement could be made now
        parts.pool().renew();
        parts.queue().workers().wakeAll();
        note(Type.RECYCLED, "every resource will be replaced");
    }

    @Override
    public void probe() {
        StackRoom.ensure();
        parts.resources().probe();
        parts.queue().workers().wakeAll(); // those with an old resource
        note(Type.PROBED, "a resource is created at once, if one is wanted");
    }

    @Override
    public int maxWorkers() {
        return parts.scaler().maxWorkers();
    }

    @Override
    public List<WorkerInfo> workers() {
        StackRoom.ensure();
        return parts.workers().infos(parts.scaler().baseWorkers());
    }

    @Override
    public List<TaskManagerEvent> events() {
        StackRoom.ensure();
        return parts.events().last();
    }

    @Override
    public boolean isOutage() {
        StackRoom.ensure();
        return parts.resources().isOutage();
    }

    @Override
    public boolean isStalled() {
        StackRoom.ensure();
        TaskStats stats = manager.stats();
        boolean waits = stats.queuedTasks() + stats.priorityTasks() + stats.retryingTasks() > 0;
        return waits && !stats.paused() && parts.workers().withoutResource().compareTo(config.creationTimeout()) > 0;
    }

    @Override
    public Duration longestRun() {
        StackRoom.ensure();
        return parts.longestRun();
    }

    @Override
    public TaskTimes executionTimes(TaskOutcome outcome) {
        return parts.metrics().executionTimes(outcome);
    }

    @Override
    public TaskTimes waitTimes(TaskLane lane) {
        return parts.metrics().waitTimes(lane);
    }

    @Override
    public int totalResources() {
        return parts.resources().living();
    }

    @Override
    public String explain() {
        StackRoom.ensure();
        TaskManagerState state = manager.state(); // not with the queue locked: it may tell a listener of the end
        Outage outage = parts.resources().outage();
        Explanation.FactoryCall factoryCall = oldestFactoryCall();
        Duration longestRun = longestRun();
        // All numbers in one look, or a task that goes into its back-off between two would be counted in one of them.
        return parts.queue()
                .between(() -> new Explanation(
                        state,
                        manager.stats(),
                        parts.queue().counts().inBackoff(),
                        parts.scaler().maxWorkers(),
                        outage,
                        factoryCall,
                        longestRun,
                        config.burstInterval().isZero()))
                .sentence();
    }

    private Explanation.@Nullable FactoryCall oldestFactoryCall() {
        FactoryCalls.UnderWay oldest = parts.resources().calls().oldest();
        return oldest == null
                ? null
                : new Explanation.FactoryCall(
                        oldest.kind().toString(), Duration.ofNanos(parts.timer().nanos() - oldest.sinceNanos()));
    }

    /** A task that ran though its manager is paused would prove the wrong thing in a test. */
    private void refuseWithoutWorkers(String call) {
        if (parts.synchronous()) {
            throw new UnsupportedOperationException(call + ": manager \"" + config.name()
                    + "\" is synchronous and has no workers; create it by TaskManagers.create");
        }
    }

    private void note(Type type, String detail) {
        parts.events().add(type, detail);
        try {
            parts.logger().infof("%s: %s", type, detail);
        } catch (OutOfMemoryError e) {
            parts.guard()
                    .report("logging a call of the control", e); // it has had its effect, which the caller is to know
        }
    }
}
