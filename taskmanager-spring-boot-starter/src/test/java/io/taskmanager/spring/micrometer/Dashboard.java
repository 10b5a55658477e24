package io.taskmanager.spring.micrometer;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard for Grafana, as it is loaded. */
record Dashboard(JsonNode json) {

    static Dashboard read(Path file) {
        return new Dashboard(JsonMapper.shared().readTree(file));
    }

    List<JsonNode> panels() {
        return json.path("panels").valueStream().toList();
    }

    Stream<JsonNode> targets() {
        return panels().stream().flatMap(panel -> panel.path("targets").valueStream());
    }

    List<JsonNode> variables() {
        return json.path("templating").path("list").valueStream().toList();
    }

    Stream<PromQl> expressions() {
        return targets().map(target -> new PromQl(target.path("expr").asString()));
    }

    /** What the variables choose from, without the function around it, which is Grafana's. */
    Stream<String> choices() {
        return variables().stream()
                .map(variable -> variable.path("query").path("query").asString(""))
                .filter(query -> !query.isEmpty());
    }
}
