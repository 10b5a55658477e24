package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.taskmanager.TaskOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The options of {@code submit}: what they start from, what they take, what they refuse. */
class TaskOptionsTest {

    @Test
    void startsFromTheMainLaneAndTheConfig() {
        TaskOptions options = TaskOptions.builder().build();

        assertThat(options.name()).isEmpty();
        assertThat(options.priority()).isFalse();
        assertThat(options.once()).isFalse();
        assertThat(options.maxRetries()).isEmpty();
        assertThat(options.timeout()).isEmpty();
        assertThat(options.queueTimeout()).isEmpty();
        assertThat(options.deadline()).isEmpty();
        assertThat(options.tags()).isEmpty();
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
    void takesEachLimit() {
        Instant deadline = Instant.parse("2100-01-01T00:00:00Z");
        TaskOptions options = TaskOptions.builder()
                .timeout(Duration.ofSeconds(1))
                .queueTimeout(Duration.ofNanos(1))
                .deadline(deadline)
                .build();

        assertThat(options.timeout()).contains(Duration.ofSeconds(1));
        assertThat(options.queueTimeout()).contains(Duration.ofNanos(1));
        assertThat(options.deadline()).contains(deadline);
        assertThat(options.toString())
                .contains("timeout=PT1S", "queueTimeout=PT0.000000001S", "deadline=2100-01-01T00:00:00Z");
    }

    @Test
    void takesTagsAndKeepsTheLastOfAKey() {
        TaskOptions.Builder builder = TaskOptions.builder()
                .tag("tenant", "a")
                .tag("kind", "thumbnail")
                .tag("tenant", "b");
        TaskOptions options = builder.build();
        builder.tag("later", "c");

        assertThat(options.tags()).isEqualTo(Map.of("tenant", "b", "kind", "thumbnail"));
        assertThat(options.toString()).contains("tenant=b");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> options.tags().put("tenant", "c"));
        assertThat(builder.build().tags()).containsEntry("later", "c");
    }

    static Stream<Arguments> badLimits() {
        Duration tooLong = ChronoUnit.FOREVER.getDuration();
        return Stream.of(
                bad("timeout", Duration.ZERO, builder -> builder.timeout(Duration.ZERO)),
                bad("timeout", Duration.ofNanos(-1), builder -> builder.timeout(Duration.ofNanos(-1))),
                bad("timeout", tooLong, builder -> builder.timeout(tooLong)),
                bad("queueTimeout", Duration.ZERO, builder -> builder.queueTimeout(Duration.ZERO)),
                bad("queueTimeout", Duration.ofDays(-1), builder -> builder.queueTimeout(Duration.ofDays(-1))),
                bad("queueTimeout", tooLong, builder -> builder.queueTimeout(tooLong)));
    }

    private static Arguments bad(String option, Duration value, Consumer<TaskOptions.Builder> change) {
        return Arguments.of(option, value, change);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("badLimits")
    void refusesABadLimitNamingOptionAndValue(String option, Duration value, Consumer<TaskOptions.Builder> change) {
        TaskOptions.Builder builder = TaskOptions.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> {
                    change.accept(builder);
                    builder.build();
                })
                .withMessageStartingWith(option + " ")
                .withMessageContaining(value.toString());
    }

    @Test
    void refusesNullLimitsAndTags() {
        TaskOptions.Builder builder = TaskOptions.builder();

        assertThatNullPointerException().isThrownBy(() -> builder.timeout(null));
        assertThatNullPointerException().isThrownBy(() -> builder.queueTimeout(null));
        assertThatNullPointerException().isThrownBy(() -> builder.deadline(null));
        assertThatNullPointerException().isThrownBy(() -> builder.tag(null, "value"));
        assertThatNullPointerException().isThrownBy(() -> builder.tag("key", null));
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
