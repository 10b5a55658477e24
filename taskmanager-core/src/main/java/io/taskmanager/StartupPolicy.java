package io.taskmanager;

/** What the creation of a manager does about its first resource. */
public enum StartupPolicy {
    /** Waits for the first creation to end, and throws {@link ResourceCreationException} if it fails. */
    FAIL_FAST,
    /** Returns at once; failing creations are tried again with back-off. */
    LENIENT
}
