package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.CapturingTask;
import io.taskmanager.Task;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskDecorator;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManager;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryCallbackForm;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.RecordingListener;
import io.taskmanager.testkit.RecordingLogger;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The task decorator: wraps each task once, on the thread that submits it; one that fails harms nobody. */
class TaskDecoratorTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final List<Object> notes = new CopyOnWriteArrayList<>();

    /** Notes the thread that decorates, and each run. */
    private final TaskDecorator noting = new TaskDecorator() {
        @Override
        public <R, T> Task<R, T> decorate(Task<R, T> task) {
            notes.add(Thread.currentThread());
            return (context, resource) -> {
                notes.add("before");
                try {
                    return task.execute(context, resource);
                } finally {
                    notes.add("after");
                }
            };
        }
    };

    @EveryEntryPoint
    void wrapsTheTaskOnTheSubmittingThread(EntryPoint entry) {
        var manager = bed.manager(config -> config.taskDecorator(noting));

        Answer<Boolean> answer = bed.callHere(entry, manager, (context, resource) -> notes.add("task"));

        answer.value();
        assertThat(notes).containsExactly(Thread.currentThread(), "before", "task", "after");
    }

    @Test
    void wrapsATaskOfRunTaskInAWayOfItsOwn() {
        var manager = bed.manager(config -> config.taskDecorator(new TaskDecorator() {
            @Override
            public <R, T> Task<R, T> decorate(Task<R, T> task) {
                notes.add("decorate");
                return task;
            }

            @Override
            public <R, T> Task<R, T> decorateDirect(Task<R, T> task) {
                notes.add("decorateDirect");
                return task;
            }
        }));

        bed.callHere(EntryPoint.RUN_TASK, manager, (context, resource) -> null).value();
        bed.callHere(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null)
                .value();

        assertThat(notes).containsExactly("decorateDirect", "decorate");
    }

    @EveryEntryPoint
    void knowsWhetherATaskRunsOnTheThreadThatSubmittedIt(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Thread here = Thread.currentThread();

        Answer<Boolean> answer = bed.callHere(
                entry, manager, (context, resource) -> context.isOnCallersThread() == (Thread.currentThread() == here));

        assertThat(answer.value()).isTrue();
    }

    @Test
    void knowsThatARetryOfALentTaskRunsOnAnotherThread() {
        var manager = bed.manager(config -> config.healthCheck(error -> false));
        bed.awaitIdleWorkers(manager, 1);

        bed.callHere(EntryPoint.QUEUE_TASK, manager, (context, resource) -> {
                    notes.add(context.isOnCallersThread());
                    if (context.attempt() == 1) {
                        throw new IOException("unhealthy");
                    }
                    return null;
                })
                .value();

        assertThat(notes).containsExactly(true, false);
    }

    /** Notes the thread that a task leaves, and whether each run is on its caller's. */
    private final TaskDecorator capturing = new TaskDecorator() {
        @Override
        public <R, T> Task<R, T> decorate(Task<R, T> task) {
            return new CapturingTask<>() {
                @Override
                public void capture() {
                    notes.add(Thread.currentThread());
                }

                @Override
                public T execute(TaskContext context, R resource) throws Exception {
                    notes.add(context.isOnCallersThread());
                    return task.execute(context, resource);
                }
            };
        }
    };

    @EveryEntryPoint
    void tellsATaskThatItLeavesTheSubmittingThread(EntryPoint entry) {
        var manager = bed.manager(config -> config.taskDecorator(capturing).lending(false));

        bed.callHere(entry, manager, (context, resource) -> null).value();

        if (entry == EntryPoint.RUN_TASK) {
            assertThat(notes).containsExactly(true);
        } else {
            assertThat(notes).containsExactly(Thread.currentThread(), false);
        }
    }

    @Test
    void tellsATaskThatIsLentAWorkerOnlyBeforeAnotherThreadRetriesIt() {
        var manager = bed.manager(config -> config.taskDecorator(capturing).healthCheck(error -> false));
        bed.awaitIdleWorkers(manager, 1);

        bed.callHere(EntryPoint.QUEUE_TASK, manager, (context, resource) -> {
                    if (context.attempt() == 1) {
                        throw new IOException("unhealthy");
                    }
                    return null;
                })
                .value();

        assertThat(notes).containsExactly(true, Thread.currentThread(), false);
    }

    /** Which has one worker: that is lent to the call which captures. */
    @Test
    void refusesABlockingCallOfACaptureThatWouldWaitForItself() {
        AtomicReference<TaskManager<Resource, Object>> itself = new AtomicReference<>();
        var manager = bed.manager(config -> config.maxWorkerCount(1)
                .healthCheck(error -> false)
                .taskDecorator(new TaskDecorator() {
                    @Override
                    public <R, T> Task<R, T> decorate(Task<R, T> task) {
                        return new CapturingTask<>() {
                            @Override
                            public void capture() {
                                try {
                                    itself.get().queueTask((context, resource) -> notes.add("waited"));
                                } catch (IllegalStateException | InterruptedException e) {
                                    notes.add(e.getClass());
                                }
                            }

                            @Override
                            public T execute(TaskContext context, R resource) throws Exception {
                                return task.execute(context, resource);
                            }
                        };
                    }
                }));
        itself.set(manager);
        bed.awaitIdleWorkers(manager, 1);

        Background<Object> call = Background.start(() -> manager.queueTask((context, resource) -> {
            notes.add(context.isOnCallersThread());
            if (context.attempt() == 1) {
                throw new IOException("unhealthy");
            }
            return "done";
        }));

        assertThat(call.value()).isEqualTo("done");
        assertThat(notes).containsExactly(true, IllegalStateException.class, false);
    }

    @EveryEntryPoint
    void runsTheTaskThoughItCanNotCapture(EntryPoint entry) {
        var error = new LinkageError("capture");
        var manager = bed.manager(config -> config.lending(false).taskDecorator(new TaskDecorator() {
            @Override
            public <R, T> Task<R, T> decorate(Task<R, T> task) {
                return new CapturingTask<>() {
                    @Override
                    public void capture() {
                        throw error;
                    }

                    @Override
                    public T execute(TaskContext context, R resource) throws Exception {
                        return task.execute(context, resource);
                    }
                };
            }
        }));

        assertThat(bed.call(entry, manager, (context, resource) -> "ran").value())
                .isEqualTo("ran");
        assertThat(bed.logger().hasCause(error)).isEqualTo(entry != EntryPoint.RUN_TASK);
    }

    @EveryRetriedForm
    void wrapsARetriedTaskOnceAndRunsTheWrapForEachAttempt(EntryPoint entry) {
        var manager = bed.manager(config -> config.taskDecorator(noting).healthCheck(error -> false));

        bed.callHere(entry, manager, (context, resource) -> {
                    if (context.attempt() == 1) {
                        throw new IOException("unhealthy");
                    }
                    return null;
                })
                .value();

        assertThat(notes).containsExactly(Thread.currentThread(), "before", "after", "before", "after");
    }

    @EveryEntryPoint
    void runsTheTaskAsItIsWhenTheDecoratorThrows(EntryPoint entry) {
        var error = new LinkageError("decorator");
        var manager = bed.manager(config -> config.taskDecorator(new TaskDecorator() {
            @Override
            public <R, T> Task<R, T> decorate(Task<R, T> task) {
                throw error;
            }
        }));

        assertThat(bed.call(entry, manager, (context, resource) -> "ran").value())
                .isEqualTo("ran");
        assertThat(bed.logger().lines(RecordingLogger.Level.ERROR)).hasSize(1);
        assertThat(bed.logger().hasCause(error)).isTrue();
    }

    @EveryCallbackForm
    void wrapsTheCallbackOnTheSubmittingThread(EntryPoint entry) {
        var manager = bed.manager(config -> config.taskDecorator(new TaskDecorator() {
            @Override
            public <R, T> Task<R, T> decorate(Task<R, T> task) {
                return task;
            }

            @Override
            public <T> BiConsumer<T, Throwable> decorateCallback(BiConsumer<T, Throwable> callback) {
                notes.add(Thread.currentThread());
                return (value, error) -> {
                    notes.add("before");
                    callback.accept(value, error);
                };
            }
        }));

        bed.callHere(entry, manager, (context, resource) -> "value").value();

        assertThat(notes).containsExactly(Thread.currentThread(), "before");
    }

    @EveryCallbackForm
    void callsTheCallbackAsItIsWhenTheDecoratorThrowsOrGivesNone(EntryPoint entry) {
        var error = new LinkageError("decorator");
        var manager = bed.manager(config -> config.taskDecorator(new TaskDecorator() {
            @Override
            public <R, T> Task<R, T> decorate(Task<R, T> task) {
                return task;
            }

            @Override
            public <T> BiConsumer<T, Throwable> decorateCallback(BiConsumer<T, Throwable> callback) {
                if (notes.isEmpty()) {
                    notes.add("first");
                    throw error;
                }
                return null;
            }
        }));

        bed.callHere(entry, manager, (context, resource) -> "value").value();
        bed.callHere(entry, manager, (context, resource) -> "value").value();

        assertThat(bed.logger().lines(RecordingLogger.Level.ERROR)).hasSize(2);
        assertThat(bed.logger().hasCause(error)).isTrue();
    }

    @EveryEntryPoint
    void knowsItsTaskAgainWhenThatHasEnded(EntryPoint entry) {
        var decorated = new AtomicReference<Task<?, ?>>();
        var listener = new RecordingListener();
        var manager = bed.manager(config -> config.listener(listener).taskDecorator(new TaskDecorator() {
            @Override
            public <R, T> Task<R, T> decorate(Task<R, T> task) {
                Task<R, T> wrapped = (context, resource) -> task.execute(context, resource);
                decorated.set(wrapped);
                return wrapped;
            }
        }));

        bed.callHere(entry, manager, (context, resource) -> null).value();

        assertThat(listener.finished()).extracting(TaskFinished::task).containsExactly(decorated.get());
    }

    @EveryEntryPoint
    void runsTheTaskAsItIsWhenTheDecoratorGivesNone(EntryPoint entry) {
        var manager = bed.manager(config -> config.taskDecorator(new TaskDecorator() {
            @Override
            public <R, T> Task<R, T> decorate(Task<R, T> task) {
                return null;
            }
        }));

        assertThat(bed.call(entry, manager, (context, resource) -> "ran").value())
                .isEqualTo("ran");
        assertThat(bed.logger().lines(RecordingLogger.Level.ERROR)).hasSize(1);
    }
}
