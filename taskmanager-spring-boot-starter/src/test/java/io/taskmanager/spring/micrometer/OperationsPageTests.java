package io.taskmanager.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.spring.micrometer.PromQl.Aggregation;
import io.taskmanager.spring.micrometer.PromQl.Matcher;
import io.taskmanager.spring.micrometer.PromQl.Selector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.client.RestTestClient;

/**
 * Alert rules and dashboard are of what is scraped over HTTP from an application with the settings of the page, and the page says
 * what the rules do. What the rules do is in {@code ops/prometheus/rules_test.yml}.
 */
@SuppressWarnings("NullAway.Init") // Spring sets the fields.
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "taskmanager.managers.images.worker-count=1")
@ContextConfiguration(
        classes = MetricsPageTests.Application.class,
        initializers = OperationsPageTests.SettingsOfThePage.class)
@AutoConfigureRestTestClient
@DirtiesContext
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationsPageTests {

    private static final Path PAGE = Path.of("..", "docs", "operations.md");
    private static final Path CONFIGURATION = Path.of("..", "docs", "configuration.md");
    private static final Path RULES = Path.of("..", "ops", "prometheus", "rules.yml");
    private static final Path DASHBOARD = Path.of("..", "ops", "grafana", "taskmanager.json");
    private static final String RUNBOOKS =
            "https://github.com/taskmanager-java/taskmanager/blob/main/docs/operations.md#";

    private static final Pattern SETTINGS = Pattern.compile("```yaml\n(management:.*?)```", Pattern.DOTALL);
    private static final Pattern ROW =
            Pattern.compile("^\\| \\[(\\w+)]\\(#\\w+\\) \\| [^|]+ \\| (\\w+) \\| (\\w+) \\|$", Pattern.MULTILINE);
    private static final Pattern RUNBOOK = Pattern.compile("^### (\\w+)$", Pattern.MULTILINE);
    private static final Pattern SETTING = Pattern.compile("`([a-z]+(?:-[a-z]+)+(?:\\.[a-z]+)?)`");
    private static final Pattern PANEL = Pattern.compile("(?<!\\*)\\*([^*]+)\\*(?!\\*)");
    private static final Pattern LEGEND = Pattern.compile("\\{\\{(\\w+)}}");

    /** The server adds them when it scrapes. */
    private static final Set<String> OF_THE_SERVER = Set.of("job", "instance");

    private static final Set<String> FUNCTIONS = Set.of(
            ("sum max group rate increase avg_over_time max_over_time last_over_time absent_over_time histogram_quantile"
                            + " label_replace and or unless offset")
                    .split(" "));

    @Autowired
    RestTestClient http;

    private PrometheusPage scraped;
    private String page;
    private List<AlertRule> rules;
    private Dashboard dashboard;

    @BeforeAll
    void read() throws IOException {
        scraped = PrometheusPage.scrape(http);
        page = Files.readString(PAGE);
        rules = AlertRule.read(RULES);
        dashboard = Dashboard.read(DASHBOARD);
        assertThat(rules).hasSizeGreaterThan(7);
        assertThat(dashboard.expressions()).hasSizeGreaterThan(40);
    }

    @Test
    void everyMetricIsScraped() {
        assertThat(expressions()).allSatisfy(expression -> {
            assertThat(expression.metrics()).isNotEmpty();
            assertThat(expression.names().filter(name -> !FUNCTIONS.contains(name)))
                    .isSubsetOf(scraped.byName().keySet());
        });
        assertThat(dashboard.choices())
                .hasSize(3)
                .allMatch(choice ->
                        choice.matches("label_values\\(taskmanager_workers_max(\\{.*})?, (job|instance|name)\\)"));
    }

    @Test
    void everyLabelIsScraped() {
        for (Selector selector : selectors()) {
            for (Matcher matcher : selector.matchers()) {
                assertThat(labels(selector.metric())).as("%s", selector).contains(matcher.label());
                if (!matcher.value().startsWith("$")) {
                    assertThat(scraped.labels(selector.metric()).get(matcher.label()))
                            .as("%s", selector)
                            .contains(matcher.value().split("\\|"));
                }
            }
        }
    }

    @Test
    void everyGroupingIsByLabelsThatAreScraped() {
        assertThat(expressions()).allSatisfy(expression -> {
            assertThat(expression.aggregations())
                    .as("aggregations of metrics, which are all of them")
                    .hasSize((int) expression.countOfAggregations())
                    .allSatisfy(one -> assertThat(labels(one.metric())).containsAll(one.labels()));
            Set<String> known = expression
                    .metrics()
                    .flatMap(metric -> labels(metric).stream())
                    .collect(Collectors.toSet());
            assertThat(expression.labelLists())
                    .allSatisfy(labels -> assertThat(known).containsAll(labels));
        });
    }

    /** Ratios, and all times that are not a timer's count and sum. */
    @Test
    void nothingIsAddedThatCannotBe() {
        Set<String> notToBeAdded = Stream.of(
                        MeterCatalog.TIMES.stream().map(MeterCatalog.Time::meter),
                        Stream.of(MeterCatalog.LONGEST_RUN.meter()),
                        MeterCatalog.RATES.stream()
                                .filter(rate -> rate.description().endsWith("0 to 1"))
                                .map(MeterCatalog.Rate::meter))
                .flatMap(meters -> meters)
                .map(meter -> meter.replace('.', '_'))
                .flatMap(name -> Stream.of(name, name + "_seconds"))
                .collect(Collectors.toSet());

        assertThat(expressions()
                        .flatMap(expression -> expression.aggregations().stream())
                        .filter(one -> Set.of("sum", "avg").contains(one.function()))
                        .map(Aggregation::metric))
                .hasSizeGreaterThan(40)
                .doesNotContainAnyElementsOf(notToBeAdded);
    }

    @Test
    void eachAlertSaysWhatItIsAndHasItsRunbook() {
        assertThat(rules)
                .allSatisfy(rule -> assertThat(rule.annotations())
                        .containsOnlyKeys("summary", "description", "runbook_url")
                        .containsEntry("runbook_url", RUNBOOKS + rule.alert().toLowerCase(Locale.ROOT)));
        assertThat(RUNBOOK.matcher(page).results().map(heading -> heading.group(1)))
                .containsExactlyElementsOf(rules.stream().map(AlertRule::alert).toList());
    }

    @Test
    void thePageTellsHowLongAndHowSevere() {
        assertThat(ROW.matcher(page).results().map(row -> List.of(row.group(1), row.group(2), row.group(3))))
                .containsExactlyElementsOf(rules.stream()
                        .map(rule -> List.of(rule.alert(), rule.duration(), rule.severity()))
                        .toList());
    }

    @Test
    void theRunbooksNameSettingsAndPanelsThatExist() throws IOException {
        String runbooks = page.substring(page.indexOf("### "));
        String settings = Files.readString(CONFIGURATION);
        assertThat(SETTING.matcher(runbooks).results().map(setting -> setting.group(1)))
                .hasSizeGreaterThan(10)
                .allSatisfy(setting -> assertThat(settings).contains("\n| `" + setting + "` |"));

        Set<String> titles = dashboard.panels().stream()
                .map(panel -> panel.path("title").asString())
                .collect(Collectors.toSet());
        assertThat(PANEL.matcher(runbooks)
                        .results()
                        .map(panel -> panel.group(1).replaceAll("\\s+", " "))
                        .filter(words -> !Set.of("95th percentile", "mean").contains(words)))
                .hasSizeGreaterThan(10)
                .isSubsetOf(titles);
    }

    @Test
    void everyPanelAsksForWhatIsChosen() {
        assertThat(dashboard.expressions()).allSatisfy(expression -> {
            assertThat(expression.metrics()).hasSameSizeAs(expression.selectors());
            assertThat(expression.selectors())
                    .allSatisfy(selector -> assertThat(selector.matchers())
                            .contains(
                                    new Matcher("job", "$job"),
                                    new Matcher("instance", "$instance"),
                                    new Matcher("name", "$manager")));
        });
        assertThat(dashboard.targets())
                .allSatisfy(target -> assertThat(
                                target.path("datasource").path("uid").asString())
                        .isEqualTo("${datasource}"));
    }

    @Test
    void everyLegendIsOfLabelsThatAreThere() {
        assertThat(dashboard.targets()).allSatisfy(target -> {
            Set<String> labels = new HashSet<>();
            new PromQl(target.path("expr").asString()).labelLists().forEach(labels::addAll);
            assertThat(LEGEND.matcher(target.path("legendFormat").asString(""))
                            .results()
                            .map(label -> label.group(1)))
                    .isSubsetOf(labels);
        });
    }

    @Test
    void theDashboardHasItsVariablesAndRows() {
        assertThat(dashboard.variables().stream()
                        .map(variable -> variable.path("name").asString()))
                .containsExactly("datasource", "job", "instance", "manager");
        assertThat(dashboard.panels().stream()
                        .filter(panel -> panel.path("type").asString().equals("row"))
                        .map(panel -> panel.path("title").asString()))
                .containsExactly("Overview", "Saturation", "Latency", "Reliability", "Scaling");
        assertThat(dashboard.panels().stream().map(panel -> panel.path("id").asInt()))
                .doesNotHaveDuplicates();
        // With these, Grafana would ask for a data source.
        assertThat(dashboard.json().has("__inputs")).isFalse();
        assertThat(dashboard.json().path("id").isMissingNode()).isTrue();
    }

    /** Those of the page, with both timers in buckets. */
    @Test
    void theSettingsOfThePageGiveBuckets() {
        assertThat(scraped.labels("taskmanager_tasks_wait_seconds_bucket").get("le"))
                .hasSizeGreaterThan(60);
        assertThat(scraped.labels("taskmanager_tasks_execution_seconds_bucket").get("le"))
                .hasSizeGreaterThan(60);
    }

    private Stream<PromQl> expressions() {
        return Stream.concat(rules.stream().map(AlertRule::expression), dashboard.expressions());
    }

    private List<Selector> selectors() {
        return Stream.concat(expressions(), dashboard.choices().map(PromQl::new))
                .flatMap(expression -> expression.selectors().stream())
                .toList();
    }

    private Set<String> labels(String metric) {
        Set<String> labels = new HashSet<>(scraped.labels(metric).keySet());
        labels.addAll(OF_THE_SERVER);
        return labels;
    }

    static class SettingsOfThePage implements ApplicationContextInitializer<ConfigurableApplicationContext> {
        @Override
        public void initialize(ConfigurableApplicationContext context) {
            try {
                String settings = SETTINGS.matcher(Files.readString(PAGE))
                        .results()
                        .map(block -> block.group(1))
                        .findFirst()
                        .orElseThrow();
                new YamlPropertySourceLoader()
                        .load("page", new ByteArrayResource(settings.getBytes(StandardCharsets.UTF_8)))
                        .forEach(context.getEnvironment().getPropertySources()::addFirst);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
