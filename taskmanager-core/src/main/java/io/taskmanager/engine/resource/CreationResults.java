package io.taskmanager.engine.resource;

import io.taskmanager.Logger;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.UnrecoverableResourceException;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.resource.CreationGate.Failure;
import io.taskmanager.engine.resource.CreationGate.Outlook;
import io.taskmanager.engine.resource.CreationGate.Ticket;
import io.taskmanager.engine.support.Guard;
import org.jspecify.annotations.Nullable;

/**
 * Tells the gate how creations end, and everybody else what comes of it. The log has one stack an outage, a line for each
 * further failure, and one at the recovery; an event has the classes of errors alone, since a message may tell what is
 * nobody's business.
 */
final class CreationResults {

    /** How far an error's causes are told. */
    private static final int MAX_CAUSES = 5;

    private final String managerName;
    private final CreationGate gate;
    private final EventLog events;
    private final Logger logger;
    /** Written by whoever fails to create, cleared by whoever ends the outage, read by any: the last one to write wins. */
    private volatile @Nullable Loss last;
    /** Set before the first creation. */
    private volatile Runnable onFailure = () -> {};
    /** Whether a failure may end the start, and the manager with it: no next attempt is promised then. */
    private volatile boolean decideStart;

    CreationResults(String managerName, CreationGate gate, EventLog events, Logger logger) {
        this.managerName = managerName;
        this.gate = gate;
        this.events = events;
        this.logger = logger;
    }

    void whenFailed(Runnable action) {
        onFailure = action;
    }

    void decideStart(boolean decide) {
        decideStart = decide;
    }

    private record Loss(String summary, @Nullable Throwable cause) {}

    void succeeded(Ticket ticket) {
        if (gate.succeeded(ticket)) {
            recovered();
        }
    }

    /** The factory threw. Gives what to throw. */
    ResourceCreationException failed(Ticket ticket, Throwable error) {
        return failed(ticket, new Loss(classes(error), error), Guard.describe(error));
    }

    /** The factory did not throw. Gives what to throw. */
    ResourceCreationException failed(Ticket ticket, String why) {
        return failed(ticket, new Loss(why, null), why);
    }

    /** Gives what to throw of a creation whose failure was counted before. */
    ResourceCreationException failedBefore(String why, @Nullable Throwable cause) {
        return new ResourceCreationException(message(why), cause);
    }

    void brokeInFirstTask() {
        Failure failure = gate.brokeInFirstTask();
        if (failure != null) {
            String why =
                    "at least " + CreationGate.MAX_BROKEN_AT_ONCE + " new resources in a row broke in their first task";
            Loss loss = new Loss(why, null);
            tell(failure, loss, new ResourceCreationException(message(why) + next(failure), null));
        }
    }

    void servedFirstTask() {
        if (gate.servedFirstTask()) {
            recovered();
        }
    }

    /** What is known of the outage; null while there is none. */
    @Nullable
    Outage outage() {
        Loss loss = last;
        if (loss == null || !gate.isOutage()) {
            return null;
        }
        Outlook outlook = gate.outlook();
        return new Outage(
                outlook.failures(),
                outlook.sinceNanos(),
                loss.summary(),
                loss.cause(),
                outlook.isRefused() ? null : outlook.pause());
    }

    private ResourceCreationException failed(Ticket ticket, Loss loss, String why) {
        Failure failure = gate.failed(ticket, !(loss.cause() instanceof UnrecoverableResourceException));
        ResourceCreationException thrown = new ResourceCreationException(message(why) + next(failure), loss.cause());
        tell(failure, loss, thrown);
        return thrown;
    }

    private String message(String why) {
        return "manager \"" + managerName + "\" could not create a resource: " + why;
    }

    private String next(Failure failure) {
        if (decideStart) {
            return "";
        } else if (failure.isRefused()) {
            return "; it is not tried again before probe(), recycle() or resize()";
        }
        return failure.pause().isZero()
                ? ""
                : "; the next attempt is in " + failure.pause().toMillis() + " ms";
    }

    private void tell(Failure failure, Loss loss, ResourceCreationException thrown) {
        last = loss;
        onFailure.run();
        if (failure.isFirst()) {
            logger.warnf("%s", String.valueOf(thrown.getMessage()), thrown);
        } else {
            logger.warnf("%s", String.valueOf(thrown.getMessage()));
        }
        events.add(Type.CREATION_FAILED, loss.summary());
    }

    private void recovered() {
        last = null;
        logger.infof("resources can be created again");
    }

    /** The class of an error, and of what caused it. */
    private static String classes(Throwable error) {
        StringBuilder names = new StringBuilder(error.getClass().getName());
        try {
            Throwable cause = error.getCause();
            for (int depth = 1; cause != null && depth < MAX_CAUSES; depth++) {
                names.append(", caused by ").append(cause.getClass().getName());
                cause = cause.getCause();
            }
        } catch (Throwable inGetCause) {
            names.append(", with a cause that throws");
        }
        return names.toString();
    }
}
