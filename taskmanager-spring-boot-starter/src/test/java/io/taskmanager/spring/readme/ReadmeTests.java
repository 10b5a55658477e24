package io.taskmanager.spring.readme;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskStats;
import io.taskmanager.WorkerInfo;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerEndpoint;
import io.taskmanager.spring.actuate.TaskManagerEndpoint.Details;
import io.taskmanager.spring.actuate.TaskManagerEndpoint.Event;
import io.taskmanager.spring.autoconfigure.TaskManagerAutoConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** What the README shows is what this package compiles and runs. */
class ReadmeTests {

    private static final Path README = Path.of("../README.md");
    private static final Path SOURCES = Path.of("src/test/java/io/taskmanager/spring/readme");

    @Test
    void every_java_example_is_compiled() throws IOException {
        String compiled;
        try (Stream<Path> files = Files.list(SOURCES)) {
            compiled = squeeze(String.join("", files.map(ReadmeTests::read).toList()));
        }

        List<String> examples = blocks("java");
        assertThat(examples).hasSize(4);
        for (String example : examples) {
            // The last brace of a try block stands after lines that a test needs and a reader does not.
            String shown = squeeze(example);
            assertThat(compiled).contains(shown.startsWith("TaskManagerConfig") ? shown.replaceAll("}$", "") : shown);
        }
    }

    @Test
    void the_quick_start_runs() throws IOException {
        String yaml = blocks("yaml").get(0);
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
                .withUserConfiguration(ImagesConfiguration.class, Thumbnails.class)
                .withInitializer(
                        context -> context.getEnvironment().getPropertySources().addFirst(load(yaml)))
                .run(context -> {
                    Path picture = Path.of("picture");
                    Thumbnails thumbnails = context.getBean(Thumbnails.class);
                    assertThat(thumbnails.now(picture)).asString().isEqualTo("picture");
                    assertThat(thumbnails.later(picture).get()).asString().isEqualTo("picture");
                });
    }

    @Test
    void the_endpoint_shows_what_is_shown() throws IOException {
        DocumentContext json = JsonPath.parse(blocks("json").get(0));

        assertThat(json.<Map<String, Object>>read("$")).containsOnlyKeys(componentsOf(Details.class));
        assertThat(json.<Map<String, Object>>read("$.stats")).containsOnlyKeys(componentsOf(TaskStats.class));
        assertThat(json.<Map<String, Object>>read("$.metrics")).containsOnlyKeys(componentsOf(TaskMetrics.class));
        assertThat(json.<Map<String, Object>>read("$.workers[0]")).containsOnlyKeys(componentsOf(WorkerInfo.class));
        assertThat(json.<Map<String, Object>>read("$.events[0]")).containsOnlyKeys(componentsOf(Event.class));
    }

    @Test
    void the_endpoint_takes_what_is_sent() throws IOException {
        Matcher sent = Pattern.compile("-d '(.*?)'", Pattern.DOTALL).matcher(String.join("", blocks("sh")));
        assertThat(sent.find()).isTrue();
        DocumentContext json = JsonPath.parse(sent.group(1));
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
                .withUserConfiguration(ImagesConfiguration.class)
                .withPropertyValues("taskmanager.managers.images.worker-count=1")
                .run(context -> {
                    TaskManagerRegistry managers = context.getBean(TaskManagerRegistry.class);
                    TaskManagerEndpoint endpoint = new TaskManagerEndpoint(managers, context);
                    String action = json.read("$.action");
                    String workers = json.read("$.workerCount").toString();
                    String most = json.read("$.maxWorkerCount").toString();
                    assertThat(endpoint.steer(SecurityContext.NONE, "images", action, workers, most)
                                    .getStatus())
                            .isEqualTo(200);
                    assertThat(managers.get("images").stats().baseWorkers()).isEqualTo(4);
                });
    }

    @Test
    void the_engine_runs_without_spring() throws InterruptedException {
        assertThat(WithoutSpring.run()).isEqualTo("how are you? fine");
    }

    private static String[] componentsOf(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toArray(String[]::new);
    }

    private static List<String> blocks(String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(read(README))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static PropertySource<?> load(String yaml) {
        try {
            return new YamlPropertySourceLoader()
                    .load("readme", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String squeeze(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
