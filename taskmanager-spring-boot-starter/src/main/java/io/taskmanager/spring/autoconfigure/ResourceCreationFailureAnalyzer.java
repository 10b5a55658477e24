package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ResourceCreationException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells of a manager that did not start, as its factory gave it no first resource. */
final class ResourceCreationFailureAnalyzer extends AbstractFailureAnalyzer<ResourceCreationException> {

    /** Of a manager that is at an end by now. */
    private static final Pattern NEXT_ATTEMPT = Pattern.compile("; the next attempt is in \\d+ ms");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ResourceCreationException cause) {
        if (findCause(rootFailure, BeanCreationException.class) == null) {
            return null; // Thrown by a task of a running manager.
        }
        StringBuilder description = new StringBuilder(
                NEXT_ATTEMPT.matcher(String.valueOf(cause.getMessage())).replaceAll(""));
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
