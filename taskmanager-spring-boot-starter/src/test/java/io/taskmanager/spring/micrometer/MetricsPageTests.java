package io.taskmanager.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.taskmanager.ResourceFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;

/** The page of metrics says what is scraped over HTTP, all of it and nothing else. */
@SuppressWarnings("NullAway.Init") // Spring sets the fields.
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=prometheus",
            "management.metrics.distribution.slo.taskmanager.tasks=100ms",
            "taskmanager.managers.images.worker-count=1"
        })
@AutoConfigureRestTestClient
@DirtiesContext
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsPageTests {

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");

    private static final Pattern ROW = Pattern.compile(
            "^\\| `(taskmanager\\.[\\w.]+)`((?: [¹²])*) \\| (\\w+) \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\| [^|]+ \\|$",
            Pattern.MULTILINE);
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern NAME = Pattern.compile("taskmanager_\\w+");
    private static final Pattern CODE = Pattern.compile("```(?:promql|yaml)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SELECTOR = Pattern.compile("(taskmanager_\\w+)\\{(\\w+)=~?\"([\\w|]+)\"}");
    private static final Pattern ADDED =
            Pattern.compile("(?:sum|avg)(?: by \\([^)]*\\))? \\((?:rate\\()?(taskmanager_\\w+)");
    private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\) \\(\\w*\\(?(taskmanager_\\w+)");

    @Autowired
    RestTestClient http;

    @Autowired
    MeterRegistry registry;

    private String page;
    private PrometheusPage scraped;

    @BeforeAll
    void readBoth() throws IOException {
        String whole = Files.readString(PAGE);
        // That part is another module's, and is compared there.
        page = whole.substring(0, whole.indexOf("## Durable tasks"));
        scraped = PrometheusPage.scrape(http);
    }

    @Test
    void namesEverySeriesThatIsScrapedAndNoOther() {
        assertThat(rows().stream().flatMap(row -> row.series().stream()).sorted())
                .containsExactlyElementsOf(scraped.byName().keySet());
        assertThat(NAME.matcher(page).results().map(MatchResult::group))
                .as("names anywhere on the page, its examples included")
                .allSatisfy(name -> assertThat(scraped.byName()).containsKey(name));
    }

    @Test
    void saysHowManyThereAre() {
        List<String> names = registry.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .filter(name -> name.startsWith("taskmanager."))
                .toList();

        assertThat(page)
                .contains("A manager has " + names.size() + " meters, of "
                        + names.stream().distinct().count() + " names,");
    }

    @Test
    void hasARowForEachLineOfItsTables() {
        assertThat(page.lines().filter(line -> line.startsWith("| `"))).hasSameSizeAs(rows());
    }

    @Test
    void saysTheTagsOfEachSeriesAndTheirValues() {
        for (Row row : rows()) {
            for (String name : row.series()) {
                Map<String, Set<String>> labels = new TreeMap<>(scraped.labels(name));
                labels.remove("le");
                assertThat(labels).as(name).isEqualTo(row.labels());
            }
        }
    }

    @Test
    void everySeriesOfANameHasTheSameTags() {
        scraped.byName()
                .forEach((name, series) -> assertThat(series.stream()
                                .map(one -> one.labels().keySet())
                                .distinct())
                        .as(name)
                        .hasSize(1));
    }

    @Test
    void saysTheTypeOfEachMeter() {
        for (Row row : rows()) {
            String first = row.series().get(0);
            String type = scraped.types().get(first.replaceAll("_bucket$", ""));
            assertThat(type).as(first).isEqualTo(row.type().equals("timer") ? "histogram" : row.type());
        }
    }

    @Test
    void saysWhichMetersAreInSeconds() {
        for (Row row : rows()) {
            assertThat(row.series().get(0).contains("_seconds"))
                    .as(row.meter())
                    .isEqualTo(row.unit().equals("seconds"));
        }
    }

    /** Ratios, and all times that are not a timer's count and sum. */
    @Test
    void marksEachMeterThatCannotBeAddedAndSaysWhatToAskInItsPlace() {
        List<String> marked = rows().stream()
                .filter(row -> row.marks().contains("²"))
                .map(Row::meter)
                .toList();

        assertThat(marked)
                .containsExactlyInAnyOrderElementsOf(Stream.of(
                                MeterCatalog.TIMES.stream().map(MeterCatalog.Time::meter),
                                Stream.of(MeterCatalog.LONGEST_RUN.meter()),
                                MeterCatalog.RATES.stream()
                                        .filter(rate -> rate.description().endsWith("0 to 1"))
                                        .map(MeterCatalog.Rate::meter))
                        .flatMap(meters -> meters)
                        .toList());
        String instead = page.substring(page.indexOf("## Over several instances"), page.indexOf("## PromQL"));
        assertThat(quoted(CODE.matcher(instead).replaceAll(""))).containsAll(marked);
    }

    @Test
    void itsExamplesAddNoMeterThatCannotBeAdded() {
        List<String> marked = rows().stream()
                .filter(row -> row.marks().contains("²"))
                .flatMap(row -> row.series().stream())
                .toList();
        assertThat(marked).hasSizeGreaterThan(10);

        assertThat(ADDED.matcher(page).results().map(added -> added.group(1)))
                .isNotEmpty()
                .doesNotContainAnyElementsOf(marked);
    }

    @Test
    void itsExamplesUseTagsAndValuesThatAreScraped() {
        List<String> examples =
                CODE.matcher(page).results().map(code -> code.group(1)).toList();
        assertThat(examples)
                .hasSizeGreaterThan(4)
                .allMatch(example -> NAME.matcher(example).find());
        for (String example : examples) {
            SELECTOR.matcher(example)
                    .results()
                    .forEach(selector -> assertThat(scraped.labels(selector.group(1)))
                            .as(example)
                            .hasEntrySatisfying(
                                    selector.group(2),
                                    values -> assertThat(values)
                                            .contains(selector.group(3).split("\\|"))));
            GROUPING.matcher(example)
                    .results()
                    .forEach(grouping -> assertThat(withInstance(grouping.group(2)))
                            .as(example)
                            .contains(grouping.group(1).split(", ")));
        }
    }

    /** The server adds that one when it scrapes. */
    private Stream<String> withInstance(String name) {
        return Stream.concat(Stream.of("instance"), scraped.labels(name).keySet().stream());
    }

    private List<Row> rows() {
        return ROW.matcher(page).results().map(Row::of).toList();
    }

    private static List<String> quoted(String cell) {
        return QUOTED.matcher(cell).results().map(quoted -> quoted.group(1)).toList();
    }

    private record Row(
            String meter,
            String marks,
            String type,
            Map<String, Set<String>> labels,
            String unit,
            List<String> series) {

        static Row of(MatchResult row) {
            return new Row(
                    row.group(1), row.group(2), row.group(3), labels(row.group(4)), row.group(5), quoted(row.group(6)));
        }

        /** Tags stand between semicolons, each before its values; that of {@code name} is the application's. */
        private static Map<String, Set<String>> labels(String cell) {
            Map<String, Set<String>> labels = new LinkedHashMap<>();
            for (String tag : cell.split(";")) {
                List<String> words = quoted(tag);
                labels.put(words.get(0), words.stream().skip(1).collect(Collectors.toSet()));
            }
            labels.replace("name", Set.of("images"));
            return labels;
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {
        @Bean
        ResourceFactory<StringBuilder> builders() {
            return ResourceFactory.of(StringBuilder::new, builder -> {});
        }
    }
}
