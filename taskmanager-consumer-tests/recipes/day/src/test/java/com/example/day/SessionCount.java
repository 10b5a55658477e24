package com.example.day;

/**
 * Asks a server for its sessions. A session that its client has closed is the server's until it hears of it and has ended
 * it, which it does not while it is frozen or cut off, so more than there may be are a fault only if they stay.
 */
final class SessionCount implements Runnable {

    private static final long PERIOD_MILLIS = 100;
    private static final long STAY_MILLIS = 5_000;

    private final Side<?> side;
    volatile boolean ended;
    long counts;
    long excesses;
    int most;
    private long excessSince;

    SessionCount(Side<?> side) {
        this.side = side;
    }

    @Override
    public void run() {
        try {
            while (!ended) {
                count();
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            side.violated("the count was interrupted");
        }
    }

    private void count() {
        Condition before = side.condition;
        int sessions;
        try {
            sessions = side.server.sessions();
        } catch (Exception e) {
            excessSince = 0;
            return; // There is no server.
        }
        counts++;
        most = Math.max(most, sessions);
        if (sessions <= Side.MAX_RESOURCES || side.condition != before || before.phase() == Condition.Phase.DOWN) {
            excessSince = 0;
            return;
        }
        excesses++;
        long now = System.nanoTime();
        if (excessSince == 0) {
            excessSince = now;
        } else if (now - excessSince > STAY_MILLIS * 1_000_000) {
            excessSince = 0;
            side.violated("the server has " + sessions + " sessions, for " + STAY_MILLIS + " ms");
        }
    }
}
