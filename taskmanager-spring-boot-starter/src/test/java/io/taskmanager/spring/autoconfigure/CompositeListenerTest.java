package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompositeListenerTest {

    private final TaskFinished event = new TaskFinished(
            "images",
            "task",
            TaskLane.MAIN,
            TaskOutcome.COMPLETED,
            1,
            Map.of(),
            (context, resource) -> null,
            new TaskLifecycleTimestamps(0, 1, 2));

    @Test
    void tellsAllAndThrowsWhatTheyThrewTogether() {
        List<TaskFinished> told = new ArrayList<>();
        CompositeListener all =
                new CompositeListener(List.of(throwing("one"), recording(told), throwing("two"), recording(told)));

        assertThatThrownBy(() -> all.taskFinished(event))
                .hasMessage("one")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("two"));
        assertThat(told).containsExactly(event, event);
    }

    @Test
    void tellsAllAlsoWhenOneThrowsAnError() {
        List<TaskFinished> told = new ArrayList<>();
        TaskManagerListener broken = new TaskManagerListener() {
            @Override
            public void taskFinished(TaskFinished event) {
                throw new LinkageError("one");
            }
        };
        CompositeListener all = new CompositeListener(List.of(broken, recording(told)));

        assertThatThrownBy(() -> all.taskFinished(event))
                .isInstanceOf(LinkageError.class)
                .hasMessage("one");
        assertThat(told).containsExactly(event);
    }

    @Test
    void survivesListenersThatThrowTheSameException() {
        IllegalStateException shared = new IllegalStateException();
        CompositeListener all = new CompositeListener(List.of(throwing(shared), throwing(shared)));

        assertThatThrownBy(() -> all.taskFinished(event)).isSameAs(shared);
    }

    @Test
    void listensToTasksIfOneOfThemDoesAndTellsThatAlone() {
        List<TaskFinished> told = new ArrayList<>();
        TaskManagerListener deaf = new TaskManagerListener() {
            @Override
            public void taskFinished(TaskFinished event) {
                throw new IllegalStateException("was told");
            }

            @Override
            public boolean listensToFinishedTasks() {
                return false;
            }
        };
        CompositeListener all = new CompositeListener(List.of(deaf, recording(told)));

        all.taskFinished(event);

        assertThat(told).containsExactly(event);
        assertThat(all.listensToFinishedTasks()).isTrue();
        assertThat(new CompositeListener(List.of(deaf)).listensToFinishedTasks())
                .isFalse();
    }

    private static TaskManagerListener recording(List<TaskFinished> told) {
        return new TaskManagerListener() {
            @Override
            public void taskFinished(TaskFinished event) {
                told.add(event);
            }
        };
    }

    private static TaskManagerListener throwing(String message) {
        return throwing(new IllegalStateException(message));
    }

    private static TaskManagerListener throwing(RuntimeException e) {
        return new TaskManagerListener() {
            @Override
            public void taskFinished(TaskFinished event) {
                throw e;
            }
        };
    }
}
