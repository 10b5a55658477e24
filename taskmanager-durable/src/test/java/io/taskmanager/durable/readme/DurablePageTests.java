package io.taskmanager.durable.readme;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.taskmanager.ResourceFactory;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.RecurringTask;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What {@code docs/durable.md} shows: its examples run with its settings, and its table of settings is what there is. */
class DurablePageTests {

    private static final Path PAGE = Path.of("../docs/durable.md");

    /** The application of a reader who has copied each example. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({DurableThumbnails.class, Albums.class, Covers.class})
    static class Application {
        @Bean
        ResourceFactory<ImageProcessor> imagesResourceFactory() {
            return ResourceFactory.of(ImageProcessor::new, processor -> {});
        }
    }

    private static App start() throws IOException {
        List<String> settings = new ArrayList<>();
        yaml().forEach((name, value) -> {
            if (!Set.of("spring.datasource.url", "taskmanager.durable.enabled")
                    .contains(name)) { // each App has its own
                settings.add(name + "=" + value);
            }
        });
        App app = App.start(Application.class, Database.H2.create(), settings.toArray(String[]::new));
        app.jdbc().execute("create table picture (album varchar(100), file varchar(100))");
        return app;
    }

    private static Properties yaml() throws IOException {
        String block = Pattern.compile("^```yaml\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .reduce((one, other) -> {
                    throw new AssertionError("there is one block of settings");
                })
                .orElseThrow();
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ByteArrayResource(block.getBytes(StandardCharsets.UTF_8)));
        return yaml.getObject();
    }

    @Test
    void theExamplesRunWithTheSettingsOfThePage() throws Exception {
        try (App app = start()) {
            TaskId id = app.bean(DurableThumbnails.class).later(Path.of("a.jpg"));
            assertThat(app.client().await(id, DurableThumbnails.THUMBNAIL, Duration.ofSeconds(30)))
                    .isEqualTo("a.jpg.thumbnail.jpg");

            List<TaskId> ids = app.bean(Albums.class).add("summer", List.of("b.jpg", "c.jpg"));
            ids.forEach(task -> app.await(task, DurableTaskState.SUCCEEDED));
            assertThat(app.bean(Albums.class).add("summer", List.of("b.jpg"))).containsExactly(ids.get(0));
            assertThat(app.bean(RecurringTask.class).cron()).isEqualTo("0 0 3 * * *");
        }
    }

    @Test
    void theSettingsTurnItOnWithAUrlThatLosesNothing() throws IOException {
        assertThat(yaml().get("taskmanager.durable.enabled")).isEqualTo(true);
        assertThat(yaml().getProperty("spring.datasource.url")).contains("jdbc:h2:file:", "WRITE_DELAY=0");
    }

    @Test
    void rowsAndTasksAreThereTogetherOrNot() throws Exception {
        try (App app = start()) {
            List<TaskId> ids = app.transaction().execute(status -> {
                status.setRollbackOnly();
                return app.bean(Albums.class).add("summer", List.of("b.jpg"));
            });

            assertThat(app.bean(DurableTaskClient.class).find(ids.get(0))).isEmpty();
            assertThat(app.bean(JdbcTemplate.class).queryForObject("select count(*) from picture", Long.class))
                    .isZero();
        }
    }

    @Test
    void theTableOfSettingsIsWhatThereIs() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `taskmanager.durable."))
                .map(line -> line.replaceFirst("^\\| (`[^|]*`) \\| (`[^|]*`) \\|.*$", "$1 $2"))
                .toList();
        List<String> settings = new ArrayList<>();
        try (InputStream metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            List<Map<String, Object>> properties = JsonPath.parse(metadata).read("$.properties");
            properties.stream()
                    .filter(property -> property.get("name").toString().startsWith("taskmanager.durable."))
                    .forEach(property ->
                            settings.add("`" + property.get("name") + "` `" + property.get("defaultValue") + "`"));
        }

        assertThat(rows).containsExactlyInAnyOrderElementsOf(settings);
    }

    @Test
    void theFilesOfTheTablesAreInTheJar() throws IOException {
        String page = Files.readString(PAGE);
        for (String database : List.of("h2", "postgresql", "mysql", "mariadb")) {
            assertThat(page).contains("-" + database + ".sql");
            for (String table : List.of("queue", "history", "keys", "recurring")) {
                assertThat(page).contains("| `taskmanager_" + table + "` |");
                assertThat(Database.script("schema-" + database + ".sql"))
                        .contains("create table if not exists taskmanager_" + table + " (");
            }
        }
    }
}
