package io.taskmanager.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a {@link TaskManagerConfigurationException} without its stack trace. */
final class TaskManagerConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<TaskManagerConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, TaskManagerConfigurationException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
