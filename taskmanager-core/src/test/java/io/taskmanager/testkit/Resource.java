package io.taskmanager.testkit;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What {@link ScriptedFactory} creates: knows its life, and notes every breach of the rules of its use. */
public final class Resource {

    private final int id;
    private final Thread creator = Thread.currentThread();
    private final AtomicReference<Thread> user = new AtomicReference<>();
    private final AtomicInteger destructions = new AtomicInteger();
    private final AtomicInteger uses = new AtomicInteger();
    private final List<String> breaches = new CopyOnWriteArrayList<>();
    private volatile Thread destroyer;

    Resource(int id) {
        this.id = id;
    }

    public int id() {
        return id;
    }

    public Thread creator() {
        return creator;
    }

    /** The thread that destroyed it; null before. */
    public Thread destroyer() {
        return destroyer;
    }

    public int destructions() {
        return destructions.get();
    }

    public boolean isDestroyed() {
        return destructions() > 0;
    }

    /** How many attempts were started on it. */
    public int uses() {
        return uses.get();
    }

    public List<String> breaches() {
        return Collections.unmodifiableList(breaches);
    }

    void enter() {
        uses.incrementAndGet();
        Thread other = user.getAndSet(Thread.currentThread());
        if (other != null) {
            breaches.add(this + " given to " + Thread.currentThread() + " while " + other + " uses it");
        }
        if (isDestroyed()) {
            breaches.add(this + " given to a task after its destruction");
        }
    }

    void exit() {
        user.set(null);
    }

    void destroy() {
        destroyer = Thread.currentThread();
        if (user.get() != null) {
            breaches.add(this + " destroyed while " + user.get() + " uses it");
        }
        if (destructions.incrementAndGet() > 1) {
            breaches.add(this + " destroyed again");
        }
    }

    @Override
    public String toString() {
        return "resource " + id;
    }
}
