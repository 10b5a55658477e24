package io.taskmanager.engine.worker;

/** How an old resource can be replaced. */
enum Renewal {
    /** Not for the time being; it serves on. */
    NOT_NOW,
    /** By a worker more, which takes its place when it has its own; it serves on. One at a time. */
    BY_SUCCESSOR,
    /** By one that is created before it goes, and does not serve meanwhile: it is worn. */
    OVERLAP,
    /** By one that is created after, since the maximum leaves no room; one worker at a time. */
    SWAP
}
