package io.taskmanager.durable.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.taskmanager.Backoff;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept with a task besides the columns that are searched. In the database it is a line of JSON with the {@link Header},
 * and after that the payload as the application's mapper has written it.
 */
record TaskData(Header header, byte[] payload) {

    /**
     * @param key the idempotency key
     * @param once whether the task starts at most once
     * @param maxRetries null for the node's own
     * @param backoff null for the node's own
     * @param deliveries those that have ended
     * @param deaths of these, those whose node died
     * @param error the class of what was thrown last
     * @param message its message, shortened
     * @param log the submitter's log context
     * @param trace the headers of the submitter's trace
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Header(
            @Nullable String key,
            boolean once,
            @Nullable Integer maxRetries,
            @Nullable Backoff backoff,
            int deliveries,
            int deaths,
            @Nullable String error,
            @Nullable String message,
            @Nullable Map<String, String> log,
            @Nullable Map<String, String> trace) {

        static Header unreadable(TaskError error) {
            return new Header(null, false, null, null, 0, 0, error.type(), error.message(), null, null);
        }

        private Header(Header other, int deliveries, int deaths, @Nullable String error, @Nullable String message) {
            this(
                    other.key,
                    other.once,
                    other.maxRetries,
                    other.backoff,
                    deliveries,
                    deaths,
                    error,
                    message,
                    other.log,
                    other.trace);
        }
    }

    /** After a delivery that has ended with an error. */
    TaskData failed(TaskError error) {
        return with(new Header(header, header.deliveries + 1, header.deaths, error.type(), error.message()));
    }

    /** After a delivery that has ended without one: its node was shut down. */
    TaskData broken() {
        return with(new Header(header, header.deliveries + 1, header.deaths, header.error, header.message));
    }

    /** After a delivery whose node died. */
    TaskData died() {
        return with(new Header(header, header.deliveries + 1, header.deaths + 1, header.error, header.message));
    }

    /** For a redrive. */
    TaskData redriven(int deliveries) {
        return with(new Header(header, deliveries, 0, header.error, header.message));
    }

    private TaskData with(Header other) {
        return new TaskData(other, payload);
    }
}
