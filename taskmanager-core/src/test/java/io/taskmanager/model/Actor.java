package io.taskmanager.model;

/** A thread of the walk that makes calls, and that others may interrupt while it is in one. */
final class Actor extends Thread {

    /** What an actor does; whatever it throws is a breach. */
    @FunctionalInterface
    interface Script {
        void run(Actor self) throws Exception;
    }

    private final World world;
    private final Script script;
    private volatile boolean interrupted;
    private boolean inCall; // guarded by this

    Actor(World world, String name, Script script) {
        super(name);
        this.world = world;
        this.script = script;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            script.run(this);
        } catch (Throwable e) {
            world.breach(getName() + " failed", e);
        }
    }

    /** Makes a call that others may interrupt. */
    void call(Runnable call) {
        synchronized (this) {
            inCall = true;
        }
        try {
            call.run();
        } finally {
            synchronized (this) {
                inCall = false;
                Thread.interrupted();
                interrupted = false;
            }
        }
    }

    /** Interrupts the call that it is in, if any. */
    synchronized void interruptCall() {
        if (inCall) {
            interrupted = true;
            interrupt();
        }
    }

    /** Says that its own code will interrupt it. */
    void expectInterrupt() {
        interrupted = true;
    }

    /** Whether it was interrupted in the call that it is in. */
    boolean wasInterrupted() {
        return interrupted;
    }
}
