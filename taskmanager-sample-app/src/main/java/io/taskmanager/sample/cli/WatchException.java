package io.taskmanager.sample.cli;

import java.io.IOException;

/** A service can't be watched; the message says what to do, and the exit code tells which it is. */
final class WatchException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private WatchException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static WatchException unreachable(String url, IOException e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new WatchException(
                3, url + " can't be reached (" + reason + "); is the service running, and is this its port?");
    }

    static WatchException refused(String url, int status) {
        return switch (status) {
            case 404 ->
                new WatchException(
                        4,
                        url + " answered 404; give the URL of the endpoint \"taskmanager\", and expose it:"
                                + " management.endpoints.web.exposure.include=taskmanager");
            case 401, 403 ->
                new WatchException(
                        5,
                        url + " answered " + status + ": it wants to know who asks; give a user who may read it:"
                                + " --watch=http://USER:PASSWORD@HOST/...");
            default -> new WatchException(1, url + " answered " + status + "; the log of the service says why");
        };
    }

    static WatchException noJson(String url) {
        return new WatchException(1, url + " answered no JSON; give the URL of the actuator endpoint \"taskmanager\"");
    }

    int exitCode() {
        return exitCode;
    }
}
