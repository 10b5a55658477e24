package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Task;
import io.taskmanager.TaskDecorator;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.RecordingLogger;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
