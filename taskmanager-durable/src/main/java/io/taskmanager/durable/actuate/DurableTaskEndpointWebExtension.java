package io.taskmanager.durable.actuate;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The {@link DurableTaskEndpoint} over HTTP: who asks is known, and what is refused has a status and a {@link Problem}. That is 404
 * for a task that is not there, 400 for what can't be asked, 409 if the task is in a state that does not allow it, and 503 while the
 * database can't be asked.
 */
@EndpointWebExtension(endpoint = DurableTaskEndpoint.class)
// What is in a WebEndpointResponse<Object>, a native image can't know otherwise.
@RegisterReflectionForBinding({
    DurableTaskEndpoint.Overview.class,
    DurableTaskEndpoint.Tasks.class,
    DurableTaskEndpoint.Task.class,
    DurableTaskEndpointWebExtension.Problem.class
})
public final class DurableTaskEndpointWebExtension {

    private static final Logger log = LoggerFactory.getLogger(DurableTaskEndpointWebExtension.class);

    private static final int CONFLICT = 409;

    private final DurableTaskEndpoint endpoint;

    /** The extension of that endpoint. */
    public DurableTaskEndpointWebExtension(DurableTaskEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** As {@link DurableTaskEndpoint#overview}. */
    @ReadOperation
    public WebEndpointResponse<Object> overview() {
        try {
            return new WebEndpointResponse<>(endpoint.overview());
        } catch (IllegalStateException refusal) {
            return problem(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE, refusal.getMessage());
        }
    }

    /** As {@link DurableTaskEndpoint#tasks}. */
    @ReadOperation
    public WebEndpointResponse<Object> tasks(
            @Selector String id,
            @Nullable String type,
            @Nullable String state,
            @Nullable String before,
            @Nullable String limit) {
        return answer(() -> endpoint.tasks(id, type, state, before, limit));
    }

    /** As {@link DurableTaskEndpoint#change(String, String)}; the audit has the name of who asks. */
    @WriteOperation
    public WebEndpointResponse<Object> change(SecurityContext security, @Selector String id, @Nullable String action) {
        return answer(() -> endpoint.change(security, id, action));
    }

    private static WebEndpointResponse<Object> answer(Supplier<Object> call) {
        try {
            return new WebEndpointResponse<>(call.get());
        } catch (DurableTaskEndpoint.UnknownTaskException refusal) {
            return problem(WebEndpointResponse.STATUS_NOT_FOUND, refusal.getMessage());
        } catch (IllegalArgumentException refusal) {
            return problem(WebEndpointResponse.STATUS_BAD_REQUEST, refusal.getMessage());
        } catch (IllegalStateException refusal) {
            return problem(CONFLICT, refusal.getMessage());
        } catch (DataAccessException | TransactionException e) {
            // What the driver says is for the log, not for the page.
            log.warn("The endpoint durabletasks can't ask the database", e);
            return problem(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE, "the database can't be asked");
        }
    }

    private static WebEndpointResponse<Object> problem(int status, @Nullable String error) {
        return new WebEndpointResponse<>(new Problem(String.valueOf(error)), status);
    }

    /**
     * Why a request was refused.
     *
     * @param error what is wrong, its value, and what is allowed
     */
    public record Problem(String error) implements OperationResponseBody {}
}
