package io.taskmanager.sample.store;

import java.io.IOException;

/** The data folder can't be written. No photo is to blame. */
public class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoreException(IOException cause) {
        super(
                "the data folder can't be written: " + FileFaults.text(cause)
                        + "; make it writable and make room there, or set photos.data to another folder",
                cause);
    }
}
