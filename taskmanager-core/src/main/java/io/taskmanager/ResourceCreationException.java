package io.taskmanager;

import org.jspecify.annotations.Nullable;

/** A resource could not be created. The cause is what the factory threw; null if it returned null. */
public class ResourceCreationException extends TaskManagerException {

    private static final long serialVersionUID = 1L;

    public ResourceCreationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
