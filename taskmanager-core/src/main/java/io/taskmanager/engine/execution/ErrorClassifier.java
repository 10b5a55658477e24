package io.taskmanager.engine.execution;

import io.taskmanager.ResourceHealthCheck;
import io.taskmanager.RetryPolicy;
import io.taskmanager.engine.resource.FactoryCalls.Kind;
import io.taskmanager.engine.resource.ResourceHolder;
import io.taskmanager.engine.resource.Resources;
import org.jspecify.annotations.Nullable;

/** Asks the user's health check and retry policy what an error means, each within its time: one may hang as a factory may. */
public final class ErrorClassifier<R> {

    private final ResourceHealthCheck<? super R> healthCheck;
    private final @Nullable RetryPolicy retryPolicy;
    private final Resources<R> resources;

    /** @param retryPolicy null for the default: a task is tried again if its resource was found broken */
    public ErrorClassifier(
            ResourceHealthCheck<? super R> healthCheck, @Nullable RetryPolicy retryPolicy, Resources<R> resources) {
        this.healthCheck = healthCheck;
        this.retryPolicy = retryPolicy;
        this.resources = resources;
    }

    /**
     * Whether a resource is fit after an error of a task. A throw means yes, and no is what a check means that takes too long.
     *
     * @param onAbandoned see {@link Resources#asks}
     */
    boolean isHealthy(Throwable error, ResourceHolder<R> holder, Runnable onAbandoned) {
        return resources.asks(
                Kind.HEALTH_CHECK, holder, () -> healthCheck.isHealthy(error, holder.resource()), true, onAbandoned);
    }

    /**
     * Whether another attempt may succeed. A throw means no, and so does a policy that takes too long.
     *
     * @param attempt the one that has failed
     * @param healthy whether its resource is fit
     */
    boolean isWorthAnother(Throwable error, int attempt, boolean healthy, Runnable onAbandoned) {
        RetryPolicy policy = retryPolicy;
        return policy == null
                ? !healthy
                : resources.asks(Kind.RETRY_POLICY, null, () -> policy.shouldRetry(error, attempt), false, onAbandoned);
    }

    /** Whether a run timeout may be followed by another attempt. */
    boolean retriesTimeouts() {
        return retryPolicy != null;
    }
}
