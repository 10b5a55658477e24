package io.taskmanager.sample.photo;

/** There is no photo of that id, or its file is gone. */
public class PhotoNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PhotoNotFoundException(String message) {
        super(message);
    }
}
