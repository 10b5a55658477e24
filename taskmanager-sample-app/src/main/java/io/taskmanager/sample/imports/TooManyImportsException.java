package io.taskmanager.sample.imports;

/** As many imports wait as are allowed to, or the service is shutting down. */
public class TooManyImportsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyImportsException(String message) {
        super(message);
    }
}
