package io.taskmanager.sample.imports;

import io.taskmanager.TaskExecutionException;
import io.taskmanager.sample.image.ImageTooLargeException;
import io.taskmanager.sample.image.UnreadableImageException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;

/** Says in a line why a photo was not imported. */
final class Reasons {

    private Reasons() {}

    static String of(Throwable error) {
        Throwable reason = error;
        while (isWrapper(reason) && reason.getCause() != null) {
            reason = reason.getCause();
        }
        return text(reason);
    }

    private static String text(Throwable reason) {
        if (reason instanceof FileSystemException) {
            return reason.getClass().getSimpleName(); // its message has the path on this machine
        }
        boolean speaksForItself = reason instanceof UnreadableImageException
                || reason instanceof ImageTooLargeException
                || reason instanceof ImportFolderException;
        return speaksForItself ? String.valueOf(reason.getMessage()) : reason.toString();
    }

    private static boolean isWrapper(Throwable error) {
        return error instanceof CompletionException || error instanceof TaskExecutionException;
    }
}
