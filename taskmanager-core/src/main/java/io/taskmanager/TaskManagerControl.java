package io.taskmanager;

import java.time.Duration;
import java.util.List;

/** Steers a running manager and tells what it is doing. */
public interface TaskManagerControl {

    /**
     * Has workers take no more tasks; running ones go on, and tasks are still accepted. A blocking form waits through it for
     * {@link TaskManagerConfig#acquireTimeout()} and is refused then. A stop resumes.
     */
    void pause();

    /** Ends a pause. */
    void resume();

    /**
     * Changes how many workers there may be. New base workers start at once; those too many go when they are idle or
     * have run their task, uninterrupted. In an outage a creation is tried at once, as by {@link #probe()}.
     *
     * @throws IllegalArgumentException if {@code workerCount} is less than 1 or {@code maxWorkerCount} less than that
     */
    void resize(int workerCount, int maxWorkerCount);

    /**
     * Replaces every resource, one after the other as each is free, without disturbing a task. A resource that is being
     * created during the call counts as old. In an outage a creation is tried at once, as by {@link #probe()}.
     */
    void recycle();

    /**
     * In an outage, tries a creation at once, for whoever wants a resource: the back-off is cut short, and a factory that
     * threw {@link UnrecoverableResourceException} is asked again. Changes nothing when there is no outage.
     */
    void probe();

    /**
     * How many workers there may be: {@link TaskManagerConfig#maxWorkerCount()}, or what the last {@link #resize} has set; 0 for
     * a synchronous manager, which has none.
     */
    int maxWorkers();

    /** What each worker is doing, by id. */
    List<WorkerInfo> workers();

    /** The last 200 events, oldest first. */
    List<TaskManagerEvent> events();

    /**
     * Whether resources can't be created: the last creation failed, and the next is held back, waited for or under way.
     * Ends with the first creation that succeeds, or when nobody wants a resource any more. During an outage workers that
     * have a resource go on, and one creation at a time is tried for those that have none.
     */
    boolean isOutage();

    /**
     * Whether tasks wait though for longer than {@link TaskManagerConfig#creationTimeout()} no worker has had a resource to run
     * them with, whatever the reason.
     */
    boolean isStalled();

    /**
     * How long the attempt has run that has run for the longest time, of the tasks on workers and on their callers' threads,
     * abandoned ones included; zero if none runs.
     */
    Duration longestRun();

    /**
     * The run times, each of the last attempt, of the tasks that have ended so since the start and had been started. There
     * whatever collector the manager has.
     */
    TaskTimes executionTimes(TaskOutcome outcome);

    /** The waits of the tasks of a lane that have ended since the start and had been started, up to their last attempt. */
    TaskTimes waitTimes(TaskLane lane);

    /** How many resources there are: those of workers, pooled ones, temporary ones and those being destroyed. */
    int totalResources();

    /** One sentence: what holds the queue, with the numbers and the setting that would change it, or that nothing does. */
    String explain();
}
