package io.taskmanager.sample.photo;

import org.jspecify.annotations.Nullable;

/** There is no photo of that id, or its file is gone. */
public class PhotoNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PhotoNotFoundException(String message) {
        this(message, null);
    }

    PhotoNotFoundException(String message, @Nullable Exception cause) {
        super(message, cause);
    }
}
