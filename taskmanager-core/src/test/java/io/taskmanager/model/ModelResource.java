package io.taskmanager.model;

import io.taskmanager.TaskContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What {@link ModelFactory} creates: watches over its own use. */
final class ModelResource {

    /** One attempt of a task on a resource. */
    static final class Use {
        final Call call;
        final TaskContext context;
        final Thread thread = Thread.currentThread();
        /** The attempt that made this call on the same thread, if one did. */
        final Use outer;

        /** Whether user code of the walk has interrupted the thread during this attempt. */
        volatile boolean interruptedByWalk;

        Use(Call call, TaskContext context, Use outer) {
            this.call = call;
            this.context = context;
            this.outer = outer;
        }

        /** Whether an interrupt that this attempt sees may have been meant for it. */
        boolean mayBeInterrupted() {
            return context.isCancelled()
                    || interruptedByWalk
                    || (thread instanceof Actor actor && actor.wasInterrupted())
                    || (outer != null && outer.mayBeInterrupted());
        }

        @Override
        public String toString() {
            return call + " attempt " + context.attempt() + " on " + thread.getName();
        }
    }

    private final World world;
    private final long id;
    private final boolean threadBound;
    private final Thread creator = Thread.currentThread();
    private final AtomicReference<Use> user = new AtomicReference<>();
    private final AtomicInteger destructions = new AtomicInteger();
    private volatile Use last;
    private volatile String condemned;
    /** Whether a call about it may have been abandoned since that took too long. */
    private volatile boolean checkedTooLong;

    private final AtomicInteger uses = new AtomicInteger();
    /** The uses whose task was cancelled before its first line, and the resource with it perhaps abandoned by then. */
    private final Set<Integer> cancelledOnEntry = ConcurrentHashMap.newKeySet();
    /** Whether a task has used it since its last reset, if it is one that is reset. */
    private volatile boolean dirty;

    ModelResource(World world, long id, boolean threadBound) {
        this.world = world;
        this.id = id;
        this.threadBound = threadBound;
    }

    long id() {
        return id;
    }

    void enter(Use use) {
        Use other = user.getAndSet(use);
        if (other != null) {
            world.breach(this + " given to " + use + " while " + other + " uses it");
        }
        if (destructions.get() > 0) {
            world.breach(this + " given to " + use + " after its destruction");
        }
        if (condemned != null) {
            world.breach(this + " given to " + use + " though " + condemned);
        }
        if (dirty) {
            world.breach(this + " given to " + use + " though it was not reset");
        }
        checkThread("used");
        // Who counts the resources meanwhile sees either this use, or that it is yet to come.
        int number = uses.get() + 1;
        last = use;
        if (use.context.isCancelled()) {
            cancelledOnEntry.add(number);
        }
        uses.set(number);
    }

    void exit(Use use) {
        checkedTooLong |= world.hasty; // a check of what the task threw may be held up, and abandoned
        if (!user.compareAndSet(use, null)) {
            world.breach(this + " was taken from " + use);
        }
    }

    /** Says that no task may get it any more. */
    void condemn(String why) {
        condemned = why;
    }

    /** A task has used it; it is to be reset. */
    void soil() {
        dirty = true;
    }

    /** A health check about it may be cut short, and then abandoned. */
    void checkedTooLong() {
        checkedTooLong = true;
    }

    void resetting() {
        checkIdle("reset");
        checkThread("reset");
        if (destructions.get() > 0) {
            world.breach(this + " reset after its destruction");
        }
        dirty = false;
    }

    void validating() {
        checkIdle("validated");
        checkThread("validated");
        if (destructions.get() > 0) {
            world.breach(this + " validated after its destruction");
        }
    }

    void destroying() {
        checkIdle("destroyed");
        checkThread("destroyed");
        if (destructions.incrementAndGet() > 1) {
            world.breach(this + " destroyed again");
        }
    }

    boolean isLastUse(Use use) {
        return last == use;
    }

    /** Whether it may be one that its manager has struck off, and so does not count any more. */
    boolean mayBeAbandoned() {
        Use use = last;
        return checkedTooLong || (use != null && use.context.isCancelled());
    }

    int uses() {
        return uses.get();
    }

    /** Whether it turned out that the use of that number may have been abandoned before its first line. */
    boolean wasCancelledBefore(int use) {
        return checkedTooLong || cancelledOnEntry.contains(use);
    }

    private void checkIdle(String action) {
        checkedTooLong |= world.hasty; // a validation or reset that is held up may be abandoned
        Use use = user.get();
        if (use != null) {
            world.breach(this + " " + action + " while " + use + " uses it");
        }
    }

    private void checkThread(String action) {
        if (threadBound && Thread.currentThread() != creator) {
            world.breach(this + " of " + creator.getName() + " " + action + " by "
                    + Thread.currentThread().getName());
        }
    }

    @Override
    public String toString() {
        return "resource " + id;
    }
}
