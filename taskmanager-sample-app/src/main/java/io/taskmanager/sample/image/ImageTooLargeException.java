package io.taskmanager.sample.image;

/** A file or its picture is larger than the settings allow. */
public class ImageTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ImageTooLargeException(String message) {
        super(message);
    }
}
