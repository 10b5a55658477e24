package io.taskmanager.sample.store;

import java.io.IOException;

/** Runs before each file is written to the data folder. Without one, nothing does. */
@FunctionalInterface
public interface BeforeWrite {

    /** What it throws fails the write. */
    void run() throws IOException;
}
