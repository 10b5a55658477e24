package io.taskmanager;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A task was cancelled: by its caller, or because its manager was killed. */
public class TaskCancelledException extends CancellationException {

    private static final long serialVersionUID = 1L;

    /** False until the constructors of the superclasses have returned, which ask for the stack. */
    private final boolean hasStack;

    /** What {@link #source} gave; null until it was asked, or if there is none. Written before that is cleared. */
    private @Nullable String made;

    private transient volatile @Nullable Supplier<String> source;

    public TaskCancelledException(String message) {
        this(message, true);
    }

    /** @param writableStackTrace false for an exception without a stack */
    public TaskCancelledException(String message, boolean writableStackTrace) {
        super(message);
        hasStack = writableStackTrace;
        fillInStackTrace();
    }

    /**
     * One of many, as of the tasks that a kill cancels: without a stack, which would be that of the kill, and with a message
     * that is made when it is first asked for.
     *
     * @param message called by any thread, and by each of those that are the first to ask at the same time; let go after that
     */
    public TaskCancelledException(Supplier<String> message) {
        source = Objects.requireNonNull(message, "message");
        hasStack = false;
    }

    @Override
    public @Nullable String getMessage() {
        Supplier<String> maker = source;
        if (maker != null) {
            made = maker.get();
            source = null;
        }
        return made == null ? super.getMessage() : made;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        String unused = getMessage(); // what makes it stays here
        out.defaultWriteObject();
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return hasStack ? super.fillInStackTrace() : this;
    }
}
