package io.taskmanager.spring.actuate;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * The {@link TaskManagerEndpoint} over HTTP: who asks is known, and what is refused has a status and a {@link Problem}. That is
 * 404 for a name that no manager has, 400 for what can't be asked, and 409 if the manager is not running any more.
 */
@EndpointWebExtension(endpoint = TaskManagerEndpoint.class)
// What is in a WebEndpointResponse<Object>, a native image can't know otherwise.
@RegisterReflectionForBinding({
    TaskManagerEndpoint.Details.class,
    TaskManagerEndpoint.Summary.class,
    TaskManagerEndpointWebExtension.Problem.class
})
public final class TaskManagerEndpointWebExtension {

    private static final int CONFLICT = 409;

    private final TaskManagerEndpoint endpoint;

    /** The extension of that endpoint. */
    public TaskManagerEndpointWebExtension(TaskManagerEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** As {@link TaskManagerEndpoint#manager}. */
    @ReadOperation
    public WebEndpointResponse<Object> manager(@Selector String name) {
        return endpoint.names().contains(name) ? new WebEndpointResponse<>(endpoint.manager(name)) : unknown(name);
    }

    /** As {@link TaskManagerEndpoint#steer(String, String, String, String)}; the audit has the name of who asks. */
    @WriteOperation
    public WebEndpointResponse<Object> steer(
            SecurityContext security,
            @Selector String name,
            @Nullable String action,
            @Nullable String workerCount,
            @Nullable String maxWorkerCount) {
        if (!endpoint.names().contains(name)) {
            return unknown(name);
        }
        try {
            return new WebEndpointResponse<>(endpoint.steer(security, name, action, workerCount, maxWorkerCount));
        } catch (IllegalArgumentException refusal) {
            return problem(WebEndpointResponse.STATUS_BAD_REQUEST, refusal.getMessage());
        } catch (IllegalStateException refusal) {
            return problem(CONFLICT, refusal.getMessage());
        }
    }

    private WebEndpointResponse<Object> unknown(String name) {
        return problem(
                WebEndpointResponse.STATUS_NOT_FOUND,
                "no task manager is named '" + name + "'; there are " + endpoint.names());
    }

    private static WebEndpointResponse<Object> problem(int status, @Nullable String error) {
        return new WebEndpointResponse<>(new Problem(String.valueOf(error)), status);
    }

    /**
     * Why a request was refused.
     *
     * @param error what is wrong, its value, and what is allowed
     */
    public record Problem(String error) {}
}
