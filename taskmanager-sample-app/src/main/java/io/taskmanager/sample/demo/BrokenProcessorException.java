package io.taskmanager.sample.demo;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** A processor broke, or can't be made, because a button was pressed. A preview, which is not retried, is 503 then. */
final class BrokenProcessorException extends ResponseStatusException {

    private static final long serialVersionUID = 1L;

    BrokenProcessorException(String message) {
        super(HttpStatus.SERVICE_UNAVAILABLE, message);
    }
}
