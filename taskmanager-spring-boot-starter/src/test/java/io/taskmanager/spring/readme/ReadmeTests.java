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
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;

/** The quick start runs, and the endpoint answers and takes what the usage page shows. */
class ReadmeTests {

    @Test
    void the_quick_start_runs() throws IOException {
        PropertySource<?> settings = Application.load(Page.README.blocks("yaml").get(0));
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
                .withUserConfiguration(ImagesConfiguration.class, Thumbnails.class)
                .withInitializer(
                        context -> context.getEnvironment().getPropertySources().addFirst(settings))
                .run(context -> {
                    Path picture = Path.of("picture");
                    Thumbnails thumbnails = context.getBean(Thumbnails.class);
                    assertThat(thumbnails.now(picture)).asString().isEqualTo("picture");
                    assertThat(thumbnails.later(picture).get()).asString().isEqualTo("picture");
                });
    }

    @Test
    void the_endpoint_shows_what_is_shown() throws IOException {
        DocumentContext json = JsonPath.parse(Page.USAGE.blocks("json").get(0));

        assertThat(json.<Map<String, Object>>read("$")).containsOnlyKeys(componentsOf(Details.class));
        assertThat(json.<Map<String, Object>>read("$.stats")).containsOnlyKeys(componentsOf(TaskStats.class));
        assertThat(json.<Map<String, Object>>read("$.metrics")).containsOnlyKeys(componentsOf(TaskMetrics.class));
        assertThat(json.<Map<String, Object>>read("$.workers[0]")).containsOnlyKeys(componentsOf(WorkerInfo.class));
        assertThat(json.<Map<String, Object>>read("$.events[0]")).containsOnlyKeys(componentsOf(Event.class));
    }

    @Test
    void the_endpoint_takes_what_is_sent() throws IOException {
        Matcher sent = Pattern.compile("-d '(.*?)'", Pattern.DOTALL).matcher(String.join("", Page.USAGE.blocks("sh")));
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
                    assertThat(endpoint.steer("images", action, workers, most)
                                    .stats()
                                    .baseWorkers())
                            .isEqualTo(4);
                });
    }

    private static String[] componentsOf(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toArray(String[]::new);
    }
}
