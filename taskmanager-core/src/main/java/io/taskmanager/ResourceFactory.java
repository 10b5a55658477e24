package io.taskmanager;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Creates, checks and destroys the resources that workers own. Every resource that {@link #create()} returned is handed
 * to {@link #destroy} exactly once.
 *
 * <p>Several threads may call {@link #create()} and {@link #destroy} at the same time, for different resources. Both may
 * block, and block only the worker (or the {@link TaskManager#runTask} caller) that needs the resource.
 *
 * @param <R> the resource
 */
public interface ResourceFactory<R> {

    /**
     * Creates a resource. Called by the thread of the worker that will own it, or by a {@code runTask} caller. After a
     * failure the manager tries again with back-off, one creation at a time, until one succeeds; queued tasks wait and
     * spend no retry. One that takes longer than {@link TaskManagerConfig#creationTimeout()} is interrupted and has failed;
     * {@code kill} interrupts it, too. What it returns though it had failed is handed to {@link #destroy} at once.
     *
     * @return a new resource, never null (null counts as a failure)
     * @throws UnrecoverableResourceException if another try would be of no use before a person has changed something
     * @throws Exception if it can't be created
     */
    R create() throws Exception;

    /**
     * Destroys a resource. Called by the worker that owned it. What it throws is logged, and the resource counts as
     * destroyed. Interrupted when it takes longer than {@link TaskManagerConfig#destructionTimeout()}, and by {@code kill}.
     */
    void destroy(R resource) throws Exception;

    /**
     * Whether a resource is still fit for use; asked, by the thread that holds it, after a task that was cancelled or
     * timed out while it ran, and before the next use of one that was idle longer than
     * {@link TaskManagerConfig#resourceIdleValidation()}. False, or a throw, has it destroyed and replaced. So has one that
     * takes longer than {@link TaskManagerConfig#validationTimeout()}: that is interrupted then, and by {@code kill}.
     */
    default boolean validate(R resource) {
        return true;
    }

    /**
     * Makes a resource that a task has used ready for the next one: rolls back what was left open, clears cookies. Called by
     * the thread that ran the task, once that has its answer, if the resource is to be used again. A throw has it destroyed
     * and replaced. So has one that takes longer than {@link TaskManagerConfig#validationTimeout()}: that is interrupted
     * then, and by {@code kill}. Not called, and costs nothing, where it is not overridden.
     */
    default void reset(R resource) throws Exception {}

    /**
     * Whether only the thread that created a resource may ever touch it. Then {@code runTask} creates and destroys one
     * for each call, no resource pool exists, and no worker is lent to the caller of a blocking form. Must always give
     * the same answer.
     */
    default boolean threadBound() {
        return false;
    }

    /**
     * A factory from two functions.
     *
     * @param create creates a resource; may not return null
     * @param destroy destroys one
     */
    static <R> ResourceFactory<R> of(Callable<? extends R> create, Destroyer<? super R> destroy) {
        Objects.requireNonNull(destroy, "destroy");
        return ResourceFactory.<R>builder(create).destroy(destroy).build();
    }

    /**
     * Builds a factory from functions; each one that is left out does nothing.
     *
     * @param create creates a resource; may not return null
     */
    static <R> Builder<R> builder(Callable<? extends R> create) {
        return new Builder<>(create);
    }

    /** Destroys a resource; may throw. */
    @FunctionalInterface
    interface Destroyer<R> {
        void destroy(R resource) throws Exception;
    }

    /** Says whether a resource is fit; a throw means no. */
    @FunctionalInterface
    interface Validator<R> {
        boolean validate(R resource) throws Exception;
    }

    /** Makes a resource ready for the next task; a throw means that it is broken. */
    @FunctionalInterface
    interface Resetter<R> {
        void reset(R resource) throws Exception;
    }

    /** Builds a {@link ResourceFactory}. Not for several threads at a time. */
    final class Builder<R> {

        private final Callable<? extends R> create;
        private Destroyer<? super R> destroy = resource -> {};
        private @Nullable Validator<? super R> validate;
        private @Nullable Resetter<? super R> reset;
        private boolean threadBound;

        private Builder(Callable<? extends R> create) {
            this.create = Objects.requireNonNull(create, "create");
        }

        /** See {@link ResourceFactory#destroy}: does nothing. */
        public Builder<R> destroy(Destroyer<? super R> destroy) {
            this.destroy = Objects.requireNonNull(destroy, "destroy");
            return this;
        }

        /** See {@link ResourceFactory#validate}: every resource is fit. */
        public Builder<R> validate(Validator<? super R> validate) {
            this.validate = Objects.requireNonNull(validate, "validate");
            return this;
        }

        /** See {@link ResourceFactory#reset}: is not called. */
        public Builder<R> reset(Resetter<? super R> reset) {
            this.reset = Objects.requireNonNull(reset, "reset");
            return this;
        }

        /** Has {@link ResourceFactory#threadBound} say true: false. */
        public Builder<R> threadBound() {
            this.threadBound = true;
            return this;
        }

        /** Builds the factory. */
        public ResourceFactory<R> build() {
            Resetter<? super R> resetter = reset;
            if (resetter == null) {
                return new BuiltFactory<>(create, destroy, validate, threadBound);
            }
            return new BuiltFactory<>(create, destroy, validate, threadBound) {
                @Override
                public void reset(R resource) throws Exception {
                    resetter.reset(resource);
                }
            };
        }
    }
}
