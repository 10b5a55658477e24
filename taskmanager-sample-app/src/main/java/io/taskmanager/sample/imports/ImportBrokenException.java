package io.taskmanager.sample.imports;

/** The service can't take photos. None of them is to blame, and the next would fare no better. */
final class ImportBrokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ImportBrokenException(String message, Throwable cause) {
        super(message, cause);
    }
}
