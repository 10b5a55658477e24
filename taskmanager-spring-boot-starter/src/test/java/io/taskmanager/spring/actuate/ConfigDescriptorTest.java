package io.taskmanager.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.OverflowPolicy;
import io.taskmanager.ResourceFactory;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManagerConfig;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The descriptor shows every setting that is a value. The name is beside it. */
class ConfigDescriptorTest {

    private static final TaskManagerConfig<?> DEFAULTS =
            TaskManagerConfig.builder(factory()).workerCount(3).build();

    /** No setting has its default, so that one that is mixed up with another is seen. */
    private static final TaskManagerConfig<?> SET = TaskManagerConfig.builder(factory())
            .workerCount(3)
            .maxWorkerCount(5)
            .burstInterval(Duration.ofMillis(11))
            .scaleDownDelay(Duration.ofMillis(12))
            .maxRetries(7)
            .retryBackoff(new Backoff(Duration.ofMillis(1), 3, Duration.ofMillis(13), 0.5))
            .resourcePoolSize(2)
            .maxTemporaryResources(4)
            .maxResources(9)
            .acquireTimeout(Duration.ofMillis(17))
            .queueCapacity(19)
            .priorityQueueCapacity(23)
            .overflowPolicy(OverflowPolicy.BLOCK)
            .enqueueTimeout(Duration.ofMillis(29))
            .lending(false)
            .priorityBurstLimit(31)
            .taskTimeout(Duration.ofMillis(37))
            .queueTimeout(Duration.ofMillis(41))
            .deadline(Duration.ofMillis(42))
            .startupPolicy(StartupPolicy.LENIENT)
            .stopTimeout(Duration.ofMillis(43))
            .stuckTaskGrace(Duration.ofMillis(47))
            .resourceMaxAge(Duration.ofMillis(53))
            .resourceMaxUses(59)
            .resourceIdleValidation(Duration.ofMillis(61))
            .creationTimeout(Duration.ofMillis(67))
            .validationTimeout(Duration.ofMillis(71))
            .destructionTimeout(Duration.ofMillis(73))
            .creationBackoff(new Backoff(Duration.ofMillis(2), 3, Duration.ofMillis(79), 0.5))
            .build();

    @Test
    void shows_every_setting_that_is_a_value() {
        assertThat(values(DEFAULTS).keySet())
                .contains("workerCount", "burstInterval", "resourcePoolSize", "taskTimeout", "retryBackoff");
        assertThat(shown(DEFAULTS)).isEqualTo(values(DEFAULTS));
        assertThat(shown(SET)).isEqualTo(values(SET));
        assertThat(shown(SET).values()).doesNotContainNull().doesNotHaveDuplicates();
    }

    private static ResourceFactory<Object> factory() {
        return ResourceFactory.of(Object::new, resource -> {});
    }

    private static Map<String, @Nullable Object> shown(TaskManagerConfig<?> config) {
        ConfigDescriptor descriptor = ConfigDescriptor.of(config);
        Map<String, @Nullable Object> shown = new TreeMap<>();
        for (RecordComponent component : ConfigDescriptor.class.getRecordComponents()) {
            shown.put(component.getName(), call(component.getAccessor(), descriptor));
        }
        return shown;
    }

    private static Map<String, @Nullable Object> values(TaskManagerConfig<?> config) {
        Map<String, @Nullable Object> values = new TreeMap<>();
        Arrays.stream(TaskManagerConfig.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getParameterCount() == 0 && isValue(method.getGenericReturnType()))
                .filter(method -> !method.getName().equals("name"))
                .forEach(method -> values.put(method.getName(), plain(call(method, config))));
        return values;
    }

    private static boolean isValue(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            return parameterized.getRawType() == Optional.class
                    && isValue(parameterized.getActualTypeArguments()[0]);
        }
        Class<?> plain = (Class<?>) type;
        return plain.isPrimitive()
                || plain.isEnum()
                || plain.isRecord()
                || plain == OptionalInt.class
                || plain.getPackageName().startsWith("java.lang")
                || plain.getPackageName().equals("java.time");
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof OptionalInt number) {
            return number.isPresent() ? number.getAsInt() : null;
        }
        return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    }

    private static @Nullable Object call(Method accessor, Object target) {
        try {
            return accessor.invoke(target);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
