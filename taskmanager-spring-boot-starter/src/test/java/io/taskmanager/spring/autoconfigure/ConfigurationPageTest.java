package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManagerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code docs/configuration.md} is what this makes of the metadata that the configuration processor wrote. Run it with
 * {@code -Dconfiguration.page=write} to write the page anew.
 */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String DEFAULTS = "taskmanager.defaults.";

    /** Parts of the builder that are objects of the application's: beans, not properties. */
    private static final Set<String> BEANS = Set.of(
            "healthCheck",
            "resourceHealthCheck",
            "retryPolicy",
            "logger",
            "collector",
            "threadFactory",
            "callbackExecutor",
            "scalingPolicy",
            "listener",
            "taskDecorator");

    private final JsonNode metadata = metadata();

    @Test
    void showsWhatTheMetadataSays() throws IOException {
        String page = page();
        if ("write".equals(System.getProperty("configuration.page"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("run this test with -Dconfiguration.page=write to write the page anew")
                .hasContent(page);
    }

    @Test
    void everySettingOfTheConfigIsAProperty() {
        List<String> settings = Arrays.stream(TaskManagerConfig.Builder.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 1)
                .map(Method::getName)
                .filter(setting -> !setting.equals("name") && !BEANS.contains(setting))
                .map(DataObjectPropertyName::toDashedForm)
                .toList();
        Set<String> properties = properties().keySet().stream()
                .map(name -> name.replaceFirst("\\..*", ""))
                .collect(Collectors.toSet());

        assertThat(properties).containsAll(settings);
    }

    @Test
    void theDefaultsAreThoseOfTheConfig() {
        Map<String, Object> values = new HashMap<>(Map.of("taskmanager.defaults.worker-count", 1));
        TaskManagerConfig<Object> withoutAny = config(values);
        properties().forEach((name, property) -> {
            JsonNode value = property.path("defaultValue");
            if (!value.isMissingNode()) {
                values.put(DEFAULTS + name, value.asString());
            }
        });

        assertThat(values).hasSizeGreaterThan(10);
        assertThat(config(values))
                .usingRecursiveComparison()
                .ignoringFields("resourceFactory", "healthCheck")
                .isEqualTo(withoutAny);
    }

    private static TaskManagerConfig<Object> config(Map<String, Object> values) {
        TaskManagerProperties properties = new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("taskmanager", TaskManagerProperties.class);
        ManagerSettings settings = new ManagerSettings(properties.getDefaults(), new TaskManagerProperties.Manager());
        TaskManagerConfig.Builder<Object> builder =
                TaskManagerConfig.builder(ResourceFactory.of(Object::new, resource -> {}));
        settings.applyTo(builder);
        return builder.retryBackoff(settings.retryBackoff()).build();
    }

    @Test
    void namesEachPropertyThatIsForNoManager() {
        String page = page();
        assertThat(StreamSupport.stream(metadata.path("properties").spliterator(), false)
                        .map(ConfigurationPageTest::name)
                        .filter(name -> name.matches("taskmanager\\.[a-z-]+")))
                .contains("taskmanager.lifecycle-phase")
                .allMatch(page::contains);
    }

    @Test
    void everyPropertyHasADescription() {
        assertThat(properties().values())
                .isNotEmpty()
                .allSatisfy(property ->
                        assertThat(property.path("description").asString()).endsWith("."));
    }

    private String page() {
        StringBuilder page = new StringBuilder("""
                # Configuration

                <!-- Written by ConfigurationPageTest from the metadata of the properties; see there. -->

                Each entry under `taskmanager.managers` is a manager and becomes a bean:

                ```yaml
                taskmanager:
                  defaults:
                    max-retries: 2
                  managers:
                    images:
                      worker-count: 4
                ```

                A setting of a manager has the first of these that is there:

                1. `taskmanager.managers.<name>.<setting>`
                2. `taskmanager.defaults.<setting>`
                3. the default in the table

                Settings are merged one by one, the parts of a back-off too: a manager that sets
                `retry-backoff.initial` keeps the other parts of the defaults. `TaskManagerConfigCustomizer` beans come after
                the properties and have the last word. A name that is none of these fails the start, and so does a value that
                can't be; the message names the property, its value and where it was set.

                Two settings are for one manager alone, and not for `defaults`: `resource-factory`, the name of the
                `ResourceFactory` bean (else the one that is named like the manager, or like it with the suffix
                `ResourceFactory`, or the only one there is), and `result-type`, the class that bounds the results of the tasks
                (else `java.lang.Object`, and each call infers its own).

                Managers stop in the phase `taskmanager.lifecycle-phase` of the application's lifecycle: after the web server, which
                has answered its requests by then, and before Spring's executors and schedulers. From the moment that the
                application begins to stop, no `@Scheduled` method is called any more. One that is running goes on, and what it queues
                is accepted until the managers stop, then refused with a `TaskRejectedException` (SHUTTING_DOWN). Where such a method
                has to be able to queue its last tasks, set `taskmanager.lifecycle-phase: 1000000000`, and leave
                `spring.task.scheduling.shutdown.await-termination` off, with which a scheduler waits for its methods later than in
                its phase: then the managers stop after the schedulers' methods have ended.

                Kubernetes kills a pod 30 s after it asked it to stop. The web server and the managers each may take
                `spring.lifecycle.timeout-per-shutdown-phase`, 30 s by default, one after the other, so either set
                `terminationGracePeriodSeconds: 70` there or a timeout of 12 s here.
                `management.endpoint.health.group.readiness.include: readinessState,taskManagers` takes an instance out of
                traffic while one of its managers is down, paused or stopping.

                When the application context is stopped and started again, or restored from a checkpoint, the managers are created
                anew behind their beans: references to these stay valid. Managers of the application's own can't be, and fail the
                start.

                [Observations and the submitter's context](observation.md) tells what `observation-enabled` and `propagate-context` do,
                and [Testing](testing.md) how tests have the managers.

                Durations are written like `250ms`, `30s`, `5m` or `PT30S`; a number alone is milliseconds.

                | setting | type | default | what it is |
                |---|---|---|---|
                """);
        properties()
                .forEach((name, property) -> page.append("| `%s` | %s | %s | %s |%n"
                        .formatted(
                                name,
                                type(property),
                                defaultValue(property),
                                property.path("description").asString().replace("'", "`"))));
        return page.toString().replace(System.lineSeparator(), "\n");
    }

    /** The settings, by name. */
    private Map<String, JsonNode> properties() {
        return StreamSupport.stream(metadata.path("properties").spliterator(), false)
                .filter(property -> name(property).startsWith(DEFAULTS))
                .collect(Collectors.toMap(
                        property -> name(property).substring(DEFAULTS.length()),
                        property -> property,
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static String name(JsonNode property) {
        return property.path("name").asString();
    }

    private static String type(JsonNode property) {
        String type = property.path("type").asString();
        if (type.equals(Duration.class.getName())) {
            return "duration";
        }
        if (type.equals(Integer.class.getName())) {
            return "integer";
        }
        if (type.equals(Double.class.getName())) {
            return "number";
        }
        if (type.equals(Boolean.class.getName())) {
            return "boolean";
        }
        Object[] constants = loaded(type).getEnumConstants();
        return Arrays.stream(constants)
                .map(constant ->
                        "`" + constant.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                .collect(Collectors.joining(", "));
    }

    private static Class<?> loaded(String type) {
        try {
            return Class.forName(type);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static String defaultValue(JsonNode property) {
        JsonNode value = property.path("defaultValue");
        return value.isMissingNode() ? "" : "`" + value.asString() + "`";
    }

    private static JsonNode metadata() {
        try (InputStream json =
                ConfigurationPageTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.shared().readTree(json);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
