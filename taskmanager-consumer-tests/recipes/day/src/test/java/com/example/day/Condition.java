package com.example.day;

/** What is known of a server: by whoever makes it fail, to whoever checks what is told of it. */
record Condition(Phase phase, Fault fault, long sinceNanos) {

    enum Phase {
        /** Fails or returns just now: nothing can be said. */
        CHANGING,
        /** No session can be had. */
        DOWN,
        /** Has returned, and has its manager whole again. */
        CALM
    }

    static Condition of(Phase phase, Fault fault) {
        return new Condition(phase, fault, System.nanoTime());
    }

    long millis() {
        return (System.nanoTime() - sinceNanos) / 1_000_000;
    }
}
