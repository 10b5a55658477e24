package io.taskmanager.sample.demo;

/** A processor broke, or can't be made, because a button was pressed. */
final class BrokenProcessorException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokenProcessorException(String message) {
        super(message);
    }
}
