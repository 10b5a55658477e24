package io.taskmanager.engine.execution;

import io.taskmanager.Logger;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;

/** What is the same for each attempt of a manager's tasks, wherever it is made. */
public record AttemptRules<R>(
        ErrorClassifier<R> errors,
        Resources<R> resources,
        Logger logger,
        Guard guard,
        Timer timer,
        Duration stuckTaskGrace) {}
