package io.taskmanager.sample.imports;

import io.taskmanager.TaskExecutionException;
import io.taskmanager.durable.DurableTask;
import io.taskmanager.sample.image.ImageTooLargeException;
import io.taskmanager.sample.image.UnreadableImageException;
import io.taskmanager.sample.store.FileFaults;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in a line why a photo was not imported. A message that nobody foresaw stays in the log: it may name the paths of
 * this machine.
 */
final class Reasons {

    private static final Logger log = LoggerFactory.getLogger(Reasons.class);

    private static final Set<String> FORESEEN = Set.of(
            UnreadableImageException.class.getName(),
            ImageTooLargeException.class.getName(),
            ImportFolderException.class.getName());

    private Reasons() {}

    static String of(Throwable error) {
        Throwable reason = unwrapped(error);
        if (reason instanceof IOException e) {
            return "it can't be read: " + FileFaults.text(e);
        }
        if (reason instanceof UnreadableImageException
                || reason instanceof ImageTooLargeException
                || reason instanceof ImportFolderException) {
            return String.valueOf(reason.getMessage());
        }
        log.warn("a photo was not imported", error);
        return "the service failed with a " + reason.getClass().getSimpleName() + "; its log says more";
    }

    /** Why a durable task has failed, on whichever node that was. */
    static String of(DurableTask failed) {
        String error = String.valueOf(failed.lastError());
        return FORESEEN.contains(error)
                ? String.valueOf(failed.lastErrorMessage())
                : "a service failed with a " + error.substring(error.lastIndexOf('.') + 1) + "; its log says more";
    }

    /** What a task threw. */
    static Throwable unwrapped(Throwable error) {
        Throwable reason = error;
        while ((reason instanceof CompletionException || reason instanceof TaskExecutionException)
                && reason.getCause() != null) {
            reason = reason.getCause();
        }
        return reason;
    }
}
