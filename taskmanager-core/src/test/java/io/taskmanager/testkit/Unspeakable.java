package io.taskmanager.testkit;

/** An error that can't even say what it is: its message throws, and with it whatever prints it. */
public final class Unspeakable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
        throw new IllegalStateException("no message to be had");
    }
}
