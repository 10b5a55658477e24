package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.OverflowPolicy;
import io.taskmanager.ResourceFactory;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManagerConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ManagerSettingsTest {

    @Test
    void whatIsNotSetIsTheCoresDefault() {
        TaskManagerConfig<Object> expected =
                TaskManagerConfig.builder(factory()).workerCount(3).build();

        assertThat(config(Map.of("managers.images.worker-count", "3")))
                .usingRecursiveComparison()
                .ignoringFields("resourceFactory", "healthCheck")
                .isEqualTo(expected);
    }

    @Test
    void bindsEverySetting() {
        Map<String, String> properties = new HashMap<>();
        properties.put("worker-count", "2");
        properties.put("max-worker-count", "5");
        properties.put("burst-interval", "250ms");
        properties.put("max-retries", "7");
        properties.put("retry-backoff.initial", "1s");
        properties.put("retry-backoff.multiplier", "3");
        properties.put("retry-backoff.max", "1m");
        properties.put("retry-backoff.jitter", "0.5");
        properties.put("resource-pool-size", "4");
        properties.put("max-temporary-resources", "6");
        properties.put("acquire-timeout", "8s");
        properties.put("queue-capacity", "9");
        properties.put("priority-queue-capacity", "10");
        properties.put("overflow-policy", "block");
        properties.put("enqueue-timeout", "11s");
        properties.put("lending", "false");
        properties.put("startup-policy", "lenient");
        properties.put("stop-timeout", "12s");
        properties.put("stuck-task-grace", "13s");
        properties.put("priority-burst-limit", "14");
        properties.put("task-timeout", "15s");
        properties.put("queue-timeout", "16s");
        properties.put("resource-max-age", "17m");
        properties.put("resource-max-uses", "18");
        properties.put("resource-idle-validation", "19s");
        properties.put("creation-timeout", "20s");
        properties.put("validation-timeout", "21s");
        properties.put("destruction-timeout", "22s");
        properties.put("deadline", "23s");
        properties.put("scale-down-delay", "24s");
        properties.put("max-resources", "25");
        properties.put("creation-backoff.initial", "2s");
        properties.put("creation-backoff.multiplier", "4");
        properties.put("creation-backoff.max", "2m");
        properties.put("creation-backoff.jitter", "0.25");
        TaskManagerConfig<Object> expected = TaskManagerConfig.builder(factory())
                .workerCount(2)
                .maxWorkerCount(5)
                .burstInterval(Duration.ofMillis(250))
                .maxRetries(7)
                .retryBackoff(new Backoff(Duration.ofSeconds(1), 3, Duration.ofMinutes(1), 0.5))
                .resourcePoolSize(4)
                .maxTemporaryResources(6)
                .acquireTimeout(Duration.ofSeconds(8))
                .queueCapacity(9)
                .priorityQueueCapacity(10)
                .overflowPolicy(OverflowPolicy.BLOCK)
                .enqueueTimeout(Duration.ofSeconds(11))
                .lending(false)
                .startupPolicy(StartupPolicy.LENIENT)
                .stopTimeout(Duration.ofSeconds(12))
                .stuckTaskGrace(Duration.ofSeconds(13))
                .priorityBurstLimit(14)
                .taskTimeout(Duration.ofSeconds(15))
                .queueTimeout(Duration.ofSeconds(16))
                .resourceMaxAge(Duration.ofMinutes(17))
                .resourceMaxUses(18)
                .resourceIdleValidation(Duration.ofSeconds(19))
                .creationTimeout(Duration.ofSeconds(20))
                .validationTimeout(Duration.ofSeconds(21))
                .destructionTimeout(Duration.ofSeconds(22))
                .deadline(Duration.ofSeconds(23))
                .scaleDownDelay(Duration.ofSeconds(24))
                .maxResources(25)
                .creationBackoff(new Backoff(Duration.ofSeconds(2), 4, Duration.ofMinutes(2), 0.25))
                .build();

        assertThat(config(prefixed("managers.images.", properties)))
                .usingRecursiveComparison()
                .ignoringFields("resourceFactory", "healthCheck")
                .isEqualTo(expected);
        assertThat(config(prefixed("defaults.", properties)))
                .usingRecursiveComparison()
                .ignoringFields("resourceFactory", "healthCheck")
                .isEqualTo(expected);
    }

    @Test
    void aManagerReplacesTheDefaultsOneByOne() {
        TaskManagerConfig<Object> config = config(Map.of(
                "defaults.worker-count", "2",
                "defaults.max-retries", "1",
                "defaults.retry-backoff.initial", "1s",
                "defaults.retry-backoff.jitter", "0",
                "defaults.creation-backoff.max", "5s",
                "managers.images.max-retries", "5",
                "managers.images.retry-backoff.initial", "2s"));

        assertThat(config.workerCount()).isEqualTo(2);
        assertThat(config.maxRetries()).isEqualTo(5);
        assertThat(config.retryBackoff()).isEqualTo(new Backoff(Duration.ofSeconds(2), 2, Duration.ofSeconds(10), 0));
        assertThat(config.creationBackoff())
                .isEqualTo(new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(5), 0.2));
    }

    private static Map<String, String> prefixed(String prefix, Map<String, String> properties) {
        Map<String, String> prefixed = new HashMap<>();
        properties.forEach((name, value) -> prefixed.put(prefix + name, value));
        return prefixed;
    }

    private static TaskManagerConfig<Object> config(Map<String, String> values) {
        TaskManagerProperties properties = new Binder(
                        new MapConfigurationPropertySource(prefixed("taskmanager.", values)))
                .bindOrCreate("taskmanager", TaskManagerProperties.class);
        TaskManagerProperties.Manager images =
                properties.getManagers().getOrDefault("images", new TaskManagerProperties.Manager());
        ManagerSettings settings = new ManagerSettings(properties.getDefaults(), images);
        TaskManagerConfig.Builder<Object> builder = TaskManagerConfig.builder(factory());
        settings.applyTo(builder);
        return builder.retryBackoff(settings.retryBackoff())
                .creationBackoff(settings.creationBackoff())
                .build();
    }

    private static ResourceFactory<Object> factory() {
        return ResourceFactory.of(Object::new, resource -> {});
    }
}
