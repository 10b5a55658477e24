package io.taskmanager.spring.micrometer;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An expression of Prometheus, as far as names go. Whether it parses is for promtool to say; in {@code ops/check} it does.
 */
record PromQl(String text) {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][\\w:]*");
    private static final Pattern LABELS = Pattern.compile("\\b(?:by|on)\\s*\\(([^)]*)\\)");
    private static final Pattern SELECTOR = Pattern.compile("(taskmanager_\\w+)\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!=|!~|=)\\s*\"([^\"]*)\"");
    private static final Pattern AGGREGATION =
            Pattern.compile("(\\w+) by \\(([^)]*)\\)\\s*\\(\\s*(?:\\w+\\()?\\s*(taskmanager_\\w+)");
    private static final Pattern SUM_OF_ALL = Pattern.compile("\\b(sum|avg|count)\\((?:\\w+\\()?(taskmanager_\\w+)");

    /** Names that are neither labels nor in quotes nor a length of time nor a variable. */
    Stream<String> names() {
        String bare = LABELS.matcher(text.replaceAll("\"[^\"]*\"", ""))
                .replaceAll("")
                .replaceAll("\\{[^}]*}", "")
                .replaceAll("\\[[^]]*]", "")
                .replaceAll("\\$\\w+", "");
        return NAME.matcher(bare).results().map(MatchResult::group);
    }

    Stream<String> metrics() {
        return names().filter(name -> name.startsWith("taskmanager_"));
    }

    List<Selector> selectors() {
        return SELECTOR.matcher(text)
                .results()
                .map(selector -> new Selector(selector.group(1), matchers(selector.group(2))))
                .toList();
    }

    private static List<Matcher> matchers(String braces) {
        return MATCHER.matcher(braces)
                .results()
                .map(matcher -> new Matcher(matcher.group(1), matcher.group(2)))
                .toList();
    }

    /** Those of a metric, or of a function of one. */
    List<Aggregation> aggregations() {
        return Stream.concat(
                        AGGREGATION
                                .matcher(text)
                                .results()
                                .map(found -> new Aggregation(
                                        found.group(1),
                                        Arrays.asList(found.group(2).split(", ")),
                                        found.group(3))),
                        SUM_OF_ALL
                                .matcher(text)
                                .results()
                                .map(found -> new Aggregation(found.group(1), List.of(), found.group(2))))
                .toList();
    }

    /** How many aggregations there are, of whatever. */
    long countOfAggregations() {
        Set<String> functions = Set.of("sum", "avg", "count", "max", "min", "group");
        return names().filter(functions::contains).count();
    }

    /** The lists of labels by which series are put together or matched. */
    List<List<String>> labelLists() {
        return LABELS.matcher(text)
                .results()
                .map(labels -> Arrays.asList(labels.group(1).split(", ")))
                .toList();
    }

    record Selector(String metric, List<Matcher> matchers) {}

    record Matcher(String label, String value) {}

    record Aggregation(String function, List<String> labels, String metric) {}
}
