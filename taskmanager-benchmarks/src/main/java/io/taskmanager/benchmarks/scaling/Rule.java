package io.taskmanager.benchmarks.scaling;

import io.taskmanager.ScalingPolicy;
import io.taskmanager.ScalingSnapshot;
import io.taskmanager.engine.scaling.DefaultScalingPolicy;
import java.util.List;

/**
 * A contestant.
 *
 * @param isOurs whether it lives in this engine: with rates over the last ten seconds, and a gate before a factory that
 *     fails. Else rates are since the start, and a worker whose creation fails is lost, as in the original.
 */
record Rule(String name, ScalingPolicy policy, boolean isOurs) {

    static final Rule DEFAULT = new Rule("default policy", new DefaultScalingPolicy(), true);
    static final Rule ORIGINAL = new Rule("original's rule", new OriginalPolicy(), false);
    static final Rule BASE = new Rule("fixed at base", ScalingSnapshot::baseWorkers, true);
    static final Rule MAX = new Rule("fixed at maximum", ScalingSnapshot::maxWorkers, true);

    /** The default policy and its rivals. */
    static final List<Rule> ALL = List.of(DEFAULT, ORIGINAL, BASE, MAX);

    static Rule fixedAt(int workers) {
        return new Rule("fixed at " + workers, snapshot -> workers, true);
    }
}
