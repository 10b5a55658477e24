package io.taskmanager.durable.engine;

import java.time.Clock;
import java.util.List;

/**
 * What the tasks of a node use.
 *
 * @param name the node's, as others see it
 * @param observers are told what becomes of them
 */
record NodeParts(
        String name,
        TaskStore store,
        GroupCommit commits,
        Json json,
        RetrySettings retry,
        Submission submission,
        Waiters waiters,
        Clock clock,
        List<OutcomeObserver> observers) {}
