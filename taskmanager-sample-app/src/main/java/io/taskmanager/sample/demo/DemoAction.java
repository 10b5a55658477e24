package io.taskmanager.sample.demo;

/** Something that can be begun, and ends by itself. Any thread may call it. */
interface DemoAction {

    /** Its name in URLs and in the JSON. */
    String name();

    /** Begins it, unless it is under way; says whether it did. */
    boolean begin();

    /** Where it stands. */
    State state();

    /**
     * Where an action stands.
     *
     * @param on whether it is under way
     * @param secondsLeft until it ends by itself; 0 if it is not on, or ends with its work
     * @param detail what it does, or did last, in a sentence; may be empty
     */
    record State(boolean on, long secondsLeft, String detail) {}
}
