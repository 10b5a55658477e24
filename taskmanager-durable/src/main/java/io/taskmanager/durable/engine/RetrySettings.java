package io.taskmanager.durable.engine;

import io.taskmanager.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What happens after errors, where a request does not say.
 *
 * @param maxRetries how often a task is delivered again
 * @param backoff the delays before that
 */
public record RetrySettings(int maxRetries, Backoff backoff) {

    /** A task whose node dies each time it has it is kept from the nodes that are left. */
    static final int MAX_DEATHS = 10;

    boolean mayRetry(TaskData.Header header, int failures) {
        return failures <= (header.maxRetries() == null ? maxRetries : header.maxRetries());
    }

    /** @param retry its number, from 1 */
    Instant next(TaskData.Header header, int retry, Instant now) {
        Backoff own = header.backoff() == null ? backoff : header.backoff();
        Duration delay = own.delay(retry, ThreadLocalRandom.current().nextDouble());
        return now.plus(delay);
    }
}
