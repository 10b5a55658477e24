package io.taskmanager.model;

import io.taskmanager.faults.Faults;

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
    private volatile boolean hastened;
    private boolean inCall; // guarded by this

    /** How deep the stack may get in a call; each engine's call beyond fails. This thread's own. */
    private int stackLimit = Integer.MAX_VALUE;

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

    /** As {@link #call}, with a stack that ends so many frames above this one. */
    void callWithStack(int frames, Runnable call) {
        stackLimit = Faults.depth() + frames;
        try {
            call(call);
        } finally {
            stackLimit = Integer.MAX_VALUE;
        }
    }

    /** Whether this thread's stack is at its end. */
    boolean isOutOfStack() {
        return stackLimit < Integer.MAX_VALUE && Faults.depth() > stackLimit;
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
        hastened = true;
    }

    /** Whether its own code has ever interrupted it: then it may have killed what it was to stop. */
    boolean wasHastened() {
        return hastened;
    }

    /** Whether it was interrupted in the call that it is in. */
    boolean wasInterrupted() {
        return interrupted;
    }
}
