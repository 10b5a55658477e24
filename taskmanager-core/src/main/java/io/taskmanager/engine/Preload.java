package io.taskmanager.engine;

import java.util.List;

/**
 * Initializes every class of this module that has an initializer, before the first manager needs one. The JVM runs each
 * once, and where it finds no memory the class is broken until the process ends: one whose first use comes on the worst day
 * must not break the managers on that day.
 */
final class Preload {

    /** Those with a static initializer, the classes included that the compiler makes for a switch over an enum. */
    static final List<String> CLASSES = List.of(
            "OverflowPolicy",
            "StartupPolicy",
            "TaskLane",
            "TaskManagerEvent$Cause",
            "TaskManagerEvent$Type",
            "TaskManagerState",
            "TaskOutcome",
            "TaskRejectedException$Reason",
            "WorkerInfo$State",
            "engine.Explanation",
            "engine.Preload",
            "engine.Shutdown",
            "engine.StandstillWatch",
            "engine.execution.AttemptContext",
            "engine.execution.RetryDecision",
            "engine.metrics.DefaultMetricsCollector",
            "engine.metrics.DefaultMetricsCollector$Stripe",
            "engine.metrics.GuardedMetricsCollector",
            "engine.metrics.LatencyRecorder",
            "engine.metrics.RateWindow",
            "engine.metrics.Tally",
            "engine.queue.Answer",
            "engine.queue.Intake",
            "engine.queue.Intake$Bottom",
            "engine.queue.Dispatcher",
            "engine.queue.QueuedTask",
            "engine.queue.TaskExtras",
            "engine.queue.TaskNode",
            "engine.queue.TaskQueue$Admission",
            "engine.queue.TaskState",
            "engine.queue.TimeLimits",
            "engine.queue.WaitingLanes$1",
            "engine.queue.WorkerSlot",
            "engine.resource.FactoryCalls$Kind",
            "engine.resource.FactoryLimits$1",
            "engine.resource.PoolKeeper",
            "engine.resource.ResourceHolder",
            "engine.resource.Resources",
            "engine.resource.Slot",
            "engine.scaling.DemandWindow",
            "engine.support.AnswerThreads",
            "engine.support.Callbacks",
            "engine.support.Frame",
            "engine.support.GuardedLogger",
            "engine.support.GuardedTimer",
            "engine.support.InterruptHook",
            "engine.support.NonBlockingThreads",
            "engine.support.Surely",
            "engine.support.SystemTimer",
            "engine.support.Threads",
            "engine.worker.OutcomeHandler$1",
            "engine.worker.Renewal",
            "engine.worker.ThreadStarts",
            "engine.worker.Worker$1",
            "engine.worker.WorkerJournal");

    private static volatile boolean done;

    private Preload() {}

    static void run() {
        if (done) {
            return;
        }
        String root = Preload.class.getPackageName().replaceFirst("engine$", "");
        for (String name : CLASSES) {
            initialize(root + name);
        }
        initialize("java.lang.VirtualThread"); // of the JDK, from 21 on: answers are handed out on such
        done = true;
    }

    private static void initialize(String name) {
        try {
            Class<?> unused = Class.forName(name, true, Preload.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            // An older JDK; or a native image, which knows no classes by name: it is initialized by its first use.
        }
    }
}
