package io.taskmanager.engine.support;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a manager's work on a thread, and the one that it is part of. A worker's thread is within its manager from its
 * first step to its last; so is whoever runs a task, or user code that a manager calls, while that lasts. A task that a
 * blocking form waits for is part of what its caller is within, though on another thread: so a chain of calls that would wait
 * for itself is found out however many threads and managers it passes.
 *
 * <p>What waits for a manager (a blocking form, a stop) asks {@link #isWithin} first.
 */
public abstract class Frame {

    /**
     * The innermost frame of a thread, in an array of one. An array of the JDK's own: a thread that outlives this class
     * keeps nothing of it.
     */
    private static final ThreadLocal<@Nullable Object[]> CURRENT = ThreadLocal.withInitial(() -> new Object[1]);

    /** Stands for whatever is within nothing. */
    private static final Frame OUTERMOST = new Plain(new Object(), null);

    private final @Nullable Frame outer;

    protected Frame(@Nullable Frame outer) {
        this.outer = outer;
    }

    /** Whose work it is; compared by identity. */
    protected abstract Object manager();

    /** One that is nothing else. */
    private static final class Plain extends Frame {

        private final Object manager;

        Plain(Object manager, @Nullable Frame outer) {
            super(outer);
            this.manager = manager;
        }

        @Override
        protected Object manager() {
            return manager;
        }
    }

    /** What a frame is part of. */
    protected static @Nullable Frame outerOf(Frame frame) {
        return frame.outer;
    }

    /** What the current thread is within. */
    public static @Nullable Frame current() {
        return (Frame) CURRENT.get()[0];
    }

    /** The same for a caller who waits, whom a task knows by this; never null. */
    public static Frame ofCaller() {
        Frame current = current();
        return current == null ? OUTERMOST : current;
    }

    /** Whether what the current thread does is part of the work of this manager. */
    public static boolean isWithin(Object manager) {
        Frame current = current();
        return current != null && current.isPartOf(manager);
    }

    /** Whether what is within this is part of the work of this manager. */
    public final boolean isPartOf(Object of) {
        for (Frame frame = this; frame != null; frame = frame.outer) {
            if (frame.manager() == of) {
                return true;
            }
        }
        return false;
    }

    /** Makes the current thread be within a manager; ended by {@link #restore} with what was current before. */
    public static void enter(Object manager) {
        Object[] slot = CURRENT.get();
        slot[0] = new Plain(manager, (Frame) slot[0]);
    }

    /** Ends what {@link #enter(Object)} began last. Needs no memory. */
    static void leave() {
        Object[] slot = CURRENT.get();
        Frame innermost = (Frame) slot[0];
        slot[0] = innermost == null ? null : innermost.outer;
    }

    /** Where the current thread keeps its innermost frame: for who needs that several times in a row. For this thread alone. */
    public static @Nullable Object[] place() {
        return CURRENT.get();
    }

    /** What the thread is within that has this place. */
    public static @Nullable Frame in(@Nullable Object[] place) {
        return (Frame) place[0];
    }

    /** Makes this the innermost frame of the thread that has this place; ended by {@link #restore}. */
    protected final void enter(@Nullable Object[] place) {
        place[0] = this;
    }

    /** Ends all frames of the current thread that have begun since this one was current. Needs no memory. */
    public static void restore(@Nullable Frame before) {
        restore(place(), before);
    }

    /** The same for the thread that has this place. */
    public static void restore(@Nullable Object[] place, @Nullable Frame before) {
        place[0] = before;
    }
}
