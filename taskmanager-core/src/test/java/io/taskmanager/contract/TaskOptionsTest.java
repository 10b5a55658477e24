package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.taskmanager.TaskOptions;
import org.junit.jupiter.api.Test;

/** The options of {@code submit}: what they start from, what they take, what they refuse. */
class TaskOptionsTest {

    @Test
    void startsFromTheMainLaneAndTheConfig() {
        TaskOptions options = TaskOptions.builder().build();

        assertThat(options.name()).isEmpty();
        assertThat(options.priority()).isFalse();
        assertThat(options.once()).isFalse();
        assertThat(options.maxRetries()).isEmpty();
    }

    @Test
    void takesEachOption() {
        TaskOptions options =
                TaskOptions.builder().name("thumbnail").priority().maxRetries(5).build();

        assertThat(options.name()).contains("thumbnail");
        assertThat(options.priority()).isTrue();
        assertThat(options.maxRetries()).hasValue(5);
        assertThat(TaskOptions.builder().once().build().once()).isTrue();
        assertThat(options)
                .hasToString("TaskOptions[name=thumbnail, priority=true, once=false, maxRetries=5, timeout=null,"
                        + " queueTimeout=null, deadline=null, tags={}]");
    }

    @Test
    void refusesRetriesOfATaskThatRunsOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskOptions.builder().once().maxRetries(2).build())
                .withMessageContaining("maxRetries")
                .withMessageContaining("2");
        assertThatCode(() -> TaskOptions.builder().once().maxRetries(0).build()).doesNotThrowAnyException();
    }

    @Test
    void refusesNegativeRetriesAndANullName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskOptions.builder().maxRetries(-1))
                .withMessageContaining("maxRetries")
                .withMessageContaining("-1");
        assertThatNullPointerException().isThrownBy(() -> TaskOptions.builder().name(null));
    }
}
