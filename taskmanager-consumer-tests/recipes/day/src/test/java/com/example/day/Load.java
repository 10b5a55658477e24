package com.example.day;

import com.example.day.Calls.Call;
import com.example.day.Calls.Form;
import com.example.day.Calls.OwnError;
import io.taskmanager.Task;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Those who call a manager in all ways there are, until they are told to end. */
final class Load<R> {

    private static final int CALLERS = 2;
    private static final int UNANSWERED = 40;
    private static final int MOST_PAUSE_MILLIS = 12;

    private final Side<R> side;
    private final Semaphore room = new Semaphore(UNANSWERED);
    private final List<Thread> callers = new ArrayList<>();
    private volatile boolean ended;

    Load(Side<R> side) {
        this.side = side;
    }

    void begin() {
        for (Form form : Form.values()) {
            for (int i = 1; i <= CALLERS; i++) {
                Thread caller = new Thread(() -> call(form), "caller-" + i + "-" + form + "-of-" + side.name);
                caller.setDaemon(true);
                caller.start();
                callers.add(caller);
            }
        }
    }

    /** Waits for the callers, not for the answers that come later. */
    void end() throws InterruptedException {
        ended = true;
        for (Thread caller : callers) {
            caller.join(TimeUnit.MINUTES.toMillis(1));
            if (caller.isAlive()) {
                side.violated(caller.getName() + " waits for ever");
            }
        }
    }

    private void call(Form form) {
        try {
            while (!ended) {
                one(form);
                Thread.sleep(ThreadLocalRandom.current().nextInt(MOST_PAUSE_MILLIS));
            }
        } catch (InterruptedException e) {
            side.violated("interrupted: " + form);
        }
    }

    private void one(Form form) throws InterruptedException {
        boolean later = form == Form.CALLBACK || form == Form.FUTURE;
        if (later && !room.tryAcquire(100, TimeUnit.MILLISECONDS)) {
            return;
        }
        Call call = side.calls.ask(form);
        TaskManager<R, Object> manager = side.manager;
        Task<R, Object> task = task(call);
        switch (form) {
            case CALLBACK -> callBack(call, task);
            case FUTURE -> future(call, task);
            case BLOCKING -> answered(call, () -> block(manager, task));
            case RUN_TASK -> answered(call, () -> manager.runTask(task));
        }
    }

    private Task<R, Object> task(Call call) {
        int kind = ThreadLocalRandom.current().nextInt(100);
        return (context, resource) -> {
            call.startedNanos = System.nanoTime();
            if (kind < 2) {
                throw new OwnError();
            }
            if (kind < 10) {
                Thread.sleep(kind * 10);
            }
            side.work.run(resource, call.number);
            return "done";
        };
    }

    private void callBack(Call call, Task<R, Object> task) {
        switch (ThreadLocalRandom.current().nextInt(4)) {
            case 0 -> side.manager.queueTaskWithCallback(task, (result, error) -> later(call, error));
            case 1 -> side.manager.queueTaskWithPriorityWithCallback(task, (result, error) -> later(call, error));
            case 2 -> side.manager.queueTaskOnceWithCallback(task, (result, error) -> later(call, error));
            default -> side.manager.queueTaskWithPriorityOnceWithCallback(task, (result, error) -> later(call, error));
        }
    }

    private void future(Call call, Task<R, Object> task) {
        TaskOptions.Builder options = TaskOptions.builder().name("day");
        int kind = ThreadLocalRandom.current().nextInt(20);
        if (kind == 0) {
            options.queueTimeout(Duration.ofSeconds(3));
        } else if (kind == 1) {
            options.priority().once();
        }
        CompletableFuture<Object> future = side.manager.submit(task, options.build());
        future.whenComplete((result, error) -> later(call, error));
        if (kind == 2) {
            future.cancel(true);
        }
    }

    private void later(Call call, Throwable error) {
        room.release();
        call.answer(error);
    }

    private Object block(TaskManager<R, Object> manager, Task<R, Object> task) throws InterruptedException {
        return switch (ThreadLocalRandom.current().nextInt(4)) {
            case 0 -> manager.queueTask(task);
            case 1 -> manager.queueTaskWithPriority(task);
            case 2 -> manager.queueTaskOnce(task);
            default -> manager.call(task, TaskOptions.builder().name("day").build());
        };
    }

    private static void answered(Call call, Blocking blocking) throws InterruptedException {
        Throwable thrown = null;
        try {
            blocking.run();
        } catch (RuntimeException e) {
            thrown = e;
        }
        call.answer(thrown);
    }

    private interface Blocking {
        Object run() throws InterruptedException;
    }
}
