package io.taskmanager.spring.context;

/** Takes hold of what the current thread has in its thread locals. */
@FunctionalInterface
interface ContextCapture {

    /** Captures. */
    Captured capture();

    /** What was captured. */
    @FunctionalInterface
    interface Captured {

        /** Sets it on the current thread, until what is returned is closed. */
        Scope set();
    }

    /** Puts the thread back as it was. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
