package io.taskmanager.benchmarks.scaling;

import io.taskmanager.Backoff;
import io.taskmanager.benchmarks.scaling.Trace.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * A model of the queue and the workers: one lane, first come first served. All workers are alike, so counts will do. One
 * that is too many goes when it is idle or has run its task; destroying its resource takes no time.
 */
final class Pool {

    /** As the engine's gate before its factory; its jitter is left out. */
    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30));

    private final Agenda agenda;
    private final Trace trace;
    private final Consumer<Task> onStart;
    /** Whether a failed creation is repeated, one at a time and after a back-off. Else its worker is lost. */
    private final boolean isGated;

    private final Queue<Task> backlog = new ArrayDeque<>();
    private int target;
    private int idle;
    private int busy;
    private int creating;
    /** Workers that wait before the gate. */
    private int waiting;

    private int failures;
    private boolean isCooling;

    private long arrived;
    private long finished;
    private int creations;
    private double runSeconds;
    private double lastCreation;

    /** The resources there are, those being created included, times how long they were there, up to {@code since}. */
    private double resourceSeconds;

    private double since;

    Pool(Agenda agenda, Trace trace, boolean isGated, Consumer<Task> onStart) {
        this.agenda = agenda;
        this.trace = trace;
        this.isGated = isGated;
        this.onStart = onStart;
    }

    /** Has this many workers from the start. */
    void open(int workers) {
        target = workers;
        idle = workers;
        lastCreation = trace.creation();
    }

    void submit(Task task) {
        arrived++;
        backlog.add(task);
        if (idle > 0) {
            idle--;
            runNext();
        }
    }

    void resizeTo(int workers) {
        target = workers;
        account();
        while (size() < target) {
            begin();
        }
        idle -= Math.min(idle, surplus());
        waiting -= Math.min(waiting, surplus());
    }

    private void begin() {
        if (failures == 0 || (creating == 0 && !isCooling)) {
            create();
        } else {
            waiting++;
        }
    }

    private void create() {
        creating++;
        creations++;
        boolean fails = trace.outage().contains(agenda.now());
        agenda.after(trace.creation(), () -> created(!fails));
    }

    private void created(boolean success) {
        account();
        creating--;
        if (success) {
            lastCreation = trace.creation();
            failures = 0;
            isCooling = false;
            idle++;
            settle();
            passGate(waiting);
        } else if (isGated) {
            waiting++;
            waiting -= Math.min(waiting, surplus());
            coolDown();
        }
    }

    private void coolDown() {
        if (isCooling) {
            return;
        }
        failures++;
        isCooling = true;
        agenda.after(BACKOFF.delay(failures, 0.5).toNanos() / 1e9, () -> {
            isCooling = false;
            if (failures > 0 && creating == 0) {
                passGate(Math.min(waiting, 1));
            }
        });
    }

    private void passGate(int workers) {
        account();
        waiting -= workers;
        for (int i = 0; i < workers; i++) {
            create();
        }
    }

    /** What a worker does that is idle: it goes, or takes the next task, or stays idle. */
    private void settle() {
        account();
        if (surplus() > 0) {
            idle--;
        } else if (!backlog.isEmpty()) {
            idle--;
            runNext();
        }
    }

    private void runNext() {
        Task task = backlog.remove();
        busy++;
        onStart.accept(task);
        agenda.after(task.run(), () -> {
            busy--;
            idle++;
            finished++;
            runSeconds += task.run();
            settle();
        });
    }

    private void account() {
        resourceSeconds += (active() + creating) * (agenda.now() - since);
        since = agenda.now();
    }

    private int surplus() {
        return Math.max(0, size() - target);
    }

    boolean isOutage() {
        return failures > 0 && (isCooling || waiting > 0 || creating > 0);
    }

    int size() {
        return active() + starting();
    }

    int active() {
        return idle + busy;
    }

    int starting() {
        return creating + waiting;
    }

    int busy() {
        return busy;
    }

    int backlog() {
        return backlog.size();
    }

    long arrived() {
        return arrived;
    }

    long finished() {
        return finished;
    }

    int creations() {
        return creations;
    }

    double runSeconds() {
        return runSeconds;
    }

    double lastCreation() {
        return lastCreation;
    }

    double resourceSeconds() {
        account();
        return resourceSeconds;
    }
}
