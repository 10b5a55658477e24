package io.taskmanager.spring.micrometer;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.taskmanager.spring.HttpBody;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.test.web.servlet.client.RestTestClient;

/** What Prometheus would scrape of ours now, in its text format. */
record PrometheusPage(List<Series> series, Map<String, String> types) {

    private static final Pattern SERIES = Pattern.compile("^(taskmanager_\\w+)(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Pattern TYPE = Pattern.compile("^# TYPE (taskmanager_\\w+) (\\w+)$", Pattern.MULTILINE);

    static PrometheusPage scrape(RestTestClient http) {
        String text = HttpBody.get(http, "/actuator/prometheus");
        return new PrometheusPage(
                SERIES.matcher(text).results().map(Series::of).toList(),
                TYPE.matcher(text).results().collect(toMap(type -> type.group(1), type -> type.group(2))));
    }

    /** By name. */
    Map<String, List<Series>> byName() {
        return series.stream().collect(groupingBy(Series::name, TreeMap::new, Collectors.toList()));
    }

    /** The labels of all series of that name, with all values of each. */
    Map<String, Set<String>> labels(String name) {
        return series.stream()
                .filter(one -> one.name.equals(name))
                .flatMap(one -> one.labels.entrySet().stream())
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toSet())));
    }

    record Series(String name, Map<String, String> labels) {

        private static Series of(MatchResult line) {
            String labels = Objects.requireNonNullElse(line.group(2), "");
            return new Series(
                    line.group(1),
                    LABEL.matcher(labels).results().collect(toMap(label -> label.group(1), label -> label.group(2))));
        }
    }
}
