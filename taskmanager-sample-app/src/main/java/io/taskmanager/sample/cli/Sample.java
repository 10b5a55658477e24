package io.taskmanager.sample.cli;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the managers of a service were at a moment.
 *
 * @param at when
 * @param managers each as the actuator endpoint tells of it
 */
record Sample(Instant at, List<Manager> managers) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> SHOWN = List.of("state", "why", "stats", "metrics", "maxWorkers");

    /** The sample in one line of JSON. */
    String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("at", at.toString());
        ObjectNode byName = root.putObject("managers");
        managers.forEach(manager -> byName.set(manager.name(), manager.json()));
        return root.toString();
    }

    /**
     * A manager.
     *
     * @param details what the endpoint answered
     */
    record Manager(String name, JsonNode details) {

        String state() {
            String state = details.path("state").asString("");
            return details.path("stats").path("paused").asBoolean(false) ? state + ", PAUSED" : state;
        }

        String why() {
            return details.path("why").asString("");
        }

        long stat(String name) {
            return details.path("stats").path(name).asLong(0);
        }

        long metric(String name) {
            return details.path("metrics").path(name).asLong(0);
        }

        /** Tasks a second, over the last few seconds. */
        double throughput() {
            return details.path("metrics").path("taskCompletionRate").asDouble(0);
        }

        /** What it may grow to. */
        long maxWorkers() {
            return details.path("maxWorkers").asLong(0);
        }

        private JsonNode json() {
            ObjectNode shown = JSON.createObjectNode();
            SHOWN.forEach(field -> shown.set(field, details.path(field)));
            return shown;
        }
    }
}
