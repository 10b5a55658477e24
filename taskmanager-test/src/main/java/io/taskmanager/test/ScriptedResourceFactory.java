package io.taskmanager.test;

import io.taskmanager.ResourceFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * A factory that is told what each creation does, and remembers what it created and destroyed. The first step of its
 * script is for the first creation, and so on; the last one is repeated for all that follow.
 *
 * <pre>{@code
 * ScriptedResourceFactory.creating(Session::new)       // the first creation succeeds,
 *         .thenFailing(new IOException("no route"))    // the second fails,
 *         .thenCreating(Session::new);                 // and all others succeed
 * }</pre>
 *
 * May be used by many threads, so by real managers too. A step may be added at any time: it follows the last one as soon
 * as that has been used.
 *
 * @param <R> the resource; told apart by identity
 */
public final class ScriptedResourceFactory<R> implements ResourceFactory<R> {

    // All guarded by this.
    private final List<Callable<? extends R>> script = new ArrayList<>();
    private int step;
    private boolean stepUsed;
    private Predicate<? super R> validation = resource -> true;
    private final List<R> created = new ArrayList<>();
    private final List<R> destroyed = new ArrayList<>();
    private final List<R> alive = new ArrayList<>();

    private ScriptedResourceFactory(Callable<? extends R> first) {
        script.add(first);
    }

    /**
     * A factory whose first creation succeeds.
     *
     * @param supplier called for each creation of this step, on the creating thread; what it throws the creation throws
     */
    public static <R> ScriptedResourceFactory<R> creating(Callable<? extends R> supplier) {
        return new ScriptedResourceFactory<>(Objects.requireNonNull(supplier, "supplier"));
    }

    /** A factory whose first creation fails. */
    public static <R> ScriptedResourceFactory<R> failing(Exception error) {
        return new ScriptedResourceFactory<>(failure(error));
    }

    /** Has the next creation succeed. For the supplier see {@link #creating}. */
    public synchronized ScriptedResourceFactory<R> thenCreating(Callable<? extends R> supplier) {
        script.add(Objects.requireNonNull(supplier, "supplier"));
        return this;
    }

    /** Has the next creation fail. */
    public synchronized ScriptedResourceFactory<R> thenFailing(Exception error) {
        script.add(failure(error));
        return this;
    }

    /** Has {@link #validate} answer so from now on: at first, every resource is fit. */
    public synchronized ScriptedResourceFactory<R> validating(Predicate<? super R> fit) {
        validation = Objects.requireNonNull(fit, "fit");
        return this;
    }

    private static <R> Callable<R> failure(Exception error) {
        Objects.requireNonNull(error, "error");
        return () -> {
            throw error;
        };
    }

    @Override
    public R create() throws Exception {
        R resource = nextStep().call();
        if (resource != null) {
            remember(resource);
        }
        return resource;
    }

    private synchronized Callable<? extends R> nextStep() {
        if (stepUsed && step < script.size() - 1) {
            step++;
        }
        stepUsed = true;
        return script.get(step);
    }

    private synchronized void remember(R resource) {
        created.add(resource);
        alive.add(resource);
    }

    /**
     * Takes a resource from those alive.
     *
     * @throws IllegalStateException if it is not alive: destroyed before, or never created here
     */
    @Override
    public synchronized void destroy(R resource) {
        for (int i = 0; i < alive.size(); i++) {
            if (alive.get(i) == resource) {
                alive.remove(i);
                destroyed.add(resource);
                return;
            }
        }
        throw new IllegalStateException(resource + " is destroyed already, or not of this factory");
    }

    @Override
    public boolean validate(R resource) {
        Predicate<? super R> current;
        synchronized (this) {
            current = validation;
        }
        return current.test(resource);
    }

    /** Every resource that was created, in that order. */
    public synchronized List<R> created() {
        return List.copyOf(created);
    }

    /** Every resource that was destroyed, in that order. */
    public synchronized List<R> destroyed() {
        return List.copyOf(destroyed);
    }

    /** Every resource that was created and not destroyed, in the order of creation. */
    public synchronized List<R> alive() {
        return List.copyOf(alive);
    }
}
