package io.taskmanager.sample.image;

import org.jspecify.annotations.Nullable;

/** A file is no picture, or a broken one. The file is to blame, never the processor that read it. */
public class UnreadableImageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnreadableImageException(String file, String fault, @Nullable Throwable cause) {
        super("\"" + file + "\" can't be read as a picture: " + fault, cause);
    }
}
