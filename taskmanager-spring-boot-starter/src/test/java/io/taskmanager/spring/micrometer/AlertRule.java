package io.taskmanager.spring.micrometer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** A rule of Prometheus, as it is loaded. */
record AlertRule(String alert, PromQl expression, String duration, String severity, Map<String, String> annotations) {

    @SuppressWarnings("unchecked") // As in the file, which promtool has checked.
    static List<AlertRule> read(Path file) throws IOException {
        Map<String, List<Map<String, List<Map<String, Object>>>>> groups = new Yaml().load(Files.readString(file));
        return groups.get("groups").stream()
                .flatMap(group -> group.get("rules").stream())
                .map(rule -> new AlertRule(
                        (String) rule.get("alert"),
                        new PromQl((String) rule.get("expr")),
                        (String) rule.get("for"),
                        ((Map<String, String>) rule.get("labels")).get("severity"),
                        (Map<String, String>) rule.get("annotations")))
                .toList();
    }
}
