package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ResourceCreationException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells of a manager that did not start, as its factory gave it no first resource. */
final class ResourceCreationFailureAnalyzer extends AbstractFailureAnalyzer<ResourceCreationException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ResourceCreationException cause) {
        if (findCause(rootFailure, BeanCreationException.class) == null) {
            return null; // Thrown by a task of a running manager.
        }
        StringBuilder description = new StringBuilder(String.valueOf(cause.getMessage()));
        for (Throwable below = cause.getCause(); below != null; below = below.getCause()) {
            description.append("\n\n    Caused by: ").append(below);
        }
        return new FailureAnalysis(
                description.toString(),
                "Correct what the ResourceFactory bean of that manager needs, such as the address of its server. Or set"
                        + " taskmanager.managers.<name>.startup-policy (or that of taskmanager.defaults) to lenient: then the"
                        + " application starts, and the manager keeps trying.",
                cause);
    }
}
