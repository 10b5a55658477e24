package io.taskmanager.durable.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.taskmanager.Backoff;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.TaskType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.json.JsonMapper;

class JsonTests {

    record Photo(String path, int width) {}

    private static final TaskType<Photo, Photo> TYPE = TaskType.of("photo", Photo.class, Photo.class);

    private final Json json = new Json(
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build(),
            100);

    @Test
    void fieldsThatAreNotKnownAreSkippedAndThoseThatAreMissingAreEmpty() {
        byte[] newer = "{\"path\":\"a\",\"width\":3,\"rating\":5}".getBytes(StandardCharsets.UTF_8);
        byte[] older = "{\"path\":\"a\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(json.payload(TYPE, newer)).isEqualTo(new Photo("a", 3));
        assertThat(json.payload(TYPE, older)).isEqualTo(new Photo("a", 0));
    }

    @Test
    void whatCantBeWrittenOrReadIsToldByTypeAndClass() {
        Object loop = new Object() {
            @SuppressWarnings("unused")
            public Object getSelf() {
                return this;
            }
        };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> json.payload(TaskType.of("loop", Object.class, Void.class), loop))
                .withMessageContainingAll("\"loop\"", loop.getClass().getName(), "JSON");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> json.payload(TYPE, "[]".getBytes(StandardCharsets.UTF_8)))
                .withMessageContainingAll("\"photo\"", Photo.class.getName());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> json.result(TYPE, new Photo("x".repeat(100), 1)))
                .withMessageContainingAll("\"photo\"", "max-payload-size", "100");
    }

    /** Jackson has no way to make one. */
    static class Closed {
        final String text;

        Closed(String text, int number) {
            this.text = text + number;
        }
    }

    interface Open {}

    record Twice(String text) {
        @JsonProperty("text")
        String other() {
            return text;
        }

        @JsonProperty("text")
        String another() {
            return text;
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Closed.class, Open.class, Twice.class})
    void whatJsonCantBeMadeOfIsRefusedBeforeThereIsATask(Class<?> type) {
        assertThatExceptionOfType(SetupException.class)
                .isThrownBy(() -> json.check("It", TaskType.of("odd", type, Void.class)))
                .withMessageContainingAll("It is of", "\"odd\"", "payload", type.getName());
        assertThatExceptionOfType(SetupException.class)
                .isThrownBy(() -> json.check("It", TaskType.of("odd", String.class, type)))
                .withMessageContainingAll("It is of", "\"odd\"", "result", type.getName());
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface Told {}

    static class Empty {}

    static class Holder {
        @JsonProperty
        private @Nullable Open unknown;
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Photo.class,
                Told.class,
                Empty.class,
                Holder.class,
                Object.class,
                Number.class,
                CharSequence.class,
                Map.class,
                Iterable.class,
                int[].class,
                int.class,
                void.class,
                Thread.State.class,
                Optional.class,
                Instant.class,
                Path.class,
                JsonNode.class,
                Exception.class
            })
    void whatJsonMayBeMadeOfIsNot(Class<?> type) {
        assertThatNoException().isThrownBy(() -> json.check("It", TaskType.of("fine", type, type)));
    }

    @Test
    void whatJacksonIsToldToMakeIsNotRefused() {
        Json told = new Json(
                JsonMapper.builder()
                        .addHandler(new DeserializationProblemHandler() {})
                        .build(),
                100);

        assertThatNoException().isThrownBy(() -> told.check("It", TaskType.of("told", Open.class, Closed.class)));
    }

    @Test
    void whatIsKeptWithATaskIsReadAsItWasWritten() {
        TaskData.Header header = new TaskData.Header(
                "key",
                true,
                3,
                Backoff.exponential(Duration.ofMillis(10), Duration.ofSeconds(3)),
                4,
                1,
                "java.io.IOException",
                "line\none",
                Map.of("tenant", "acme\n"),
                Map.of("traceparent", "00"));
        byte[] payload = {1, '\n', 2};

        TaskData read = json.data(json.write(new TaskData(header, payload)));

        assertThat(read.header()).isEqualTo(header);
        assertThat(read.payload()).isEqualTo(payload);
    }

    @Test
    void anErrorThatCantTellItsMessageIsKeptAsWell() {
        class Unspeakable extends RuntimeException {
            @Override
            public String getMessage() {
                throw new IllegalStateException();
            }
        }
        assertThat(TaskError.of(new Unspeakable()).message()).contains("IllegalStateException");
        assertThat(TaskError.of(new RuntimeException("x".repeat(5000))).message())
                .hasSize(1000);
        assertThat(TaskError.of(new RuntimeException("a\0b")).message())
                .isEqualTo("ab"); // PostgreSQL has no such character
    }

    @Test
    void laterIdsAreGreaterAsTextToo() {
        Instant time = Instant.parse("2026-11-28T03:00:00.123Z");
        AtomicLong last = new AtomicLong();
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(TaskIds.next(last, time)); // more than the counter has for one ms
        }
        ids.add(TaskIds.next(last, time.minusSeconds(1))); // a clock that was set back
        ids.add(TaskIds.next(last, time.plusSeconds(1)));

        assertThat(ids).map(TaskId::toString).doesNotHaveDuplicates().isSorted();
        assertThat(ids).allMatch(id -> id.value().version() == 7 && id.value().variant() == 2);
        assertThat(TaskIds.time(ids.get(0))).isEqualTo(time);
        assertThat(TaskIds.time(ids.get(ids.size() - 1))).isEqualTo(time.plusSeconds(1));
        assertThat(TaskIds.time(new TaskId(java.util.UUID.randomUUID()))).isEqualTo(Instant.EPOCH);
    }
}
