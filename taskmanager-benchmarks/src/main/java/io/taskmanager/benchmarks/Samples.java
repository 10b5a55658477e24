package io.taskmanager.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What several JVMs measured, by name. */
final class Samples {

    private final List<Map<String, Double>> runs = new ArrayList<>();

    void add(Map<String, Double> measured) {
        runs.add(measured);
    }

    Sample of(String name) {
        return new Sample(runs.stream().mapToDouble(run -> run.get(name)).toArray());
    }
}
