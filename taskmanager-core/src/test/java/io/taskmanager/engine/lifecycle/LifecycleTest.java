package io.taskmanager.engine.lifecycle;

import static io.taskmanager.TaskManagerState.KILLED;
import static io.taskmanager.TaskManagerState.RUNNING;
import static io.taskmanager.TaskManagerState.STOPPING;
import static io.taskmanager.TaskManagerState.TERMINATED;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LifecycleTest {

    private final Lifecycle lifecycle = new Lifecycle();

    @Test
    void starts_running() {
        assertThat(lifecycle.state()).isEqualTo(RUNNING);
        assertThat(lifecycle.isRunning()).isTrue();
        assertThat(lifecycle.shut2terminated()).isFalse();
    }

    @Test
    void a_stop_is_made_once_and_ends_terminated() {
        assertThat(lifecycle.running2stopping()).isTrue();
        assertThat(lifecycle.running2stopping()).isFalse();
        assertThat(lifecycle.state()).isEqualTo(STOPPING);
        assertThat(lifecycle.isRunning()).isFalse();
        assertThat(lifecycle.shut2terminated()).isTrue();
        assertThat(lifecycle.state()).isEqualTo(TERMINATED);
    }

    @Test
    void a_kill_escalates_a_stop_and_is_made_once() {
        lifecycle.running2stopping();

        assertThat(lifecycle.live2killed()).isTrue();
        assertThat(lifecycle.live2killed()).isFalse();
        assertThat(lifecycle.state()).isEqualTo(KILLED);
    }

    @Test
    void nothing_follows_the_end() {
        lifecycle.live2killed();
        lifecycle.shut2terminated();

        assertThat(lifecycle.running2stopping()).isFalse();
        assertThat(lifecycle.live2killed()).isFalse();
        assertThat(lifecycle.shut2terminated()).isFalse();
        assertThat(lifecycle.state()).isEqualTo(TERMINATED);
    }
}
