package io.taskmanager.engine;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.Surely;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The start of a manager. With FAIL_FAST it has two halves, and a wait for the first resource between them, so that several
 * managers can wait together.
 */
final class Startup {

    private final TaskManagerConfig<?> config;
    private final EngineParts<?> parts;
    private final Shutdown shutdown;
    private final boolean failsFast;
    /** Whether a thread waits for it, or has. */
    private final AtomicBoolean claimed = new AtomicBoolean();
    /** What came of that. */
    private final CompletableFuture<@Nullable Void> outcome = new CompletableFuture<>();

    Startup(TaskManagerConfig<?> config, EngineParts<?> parts, Shutdown shutdown) {
        this.config = config;
        this.parts = parts;
        this.shutdown = shutdown;
        this.failsFast = config.startupPolicy() == StartupPolicy.FAIL_FAST;
    }

    /** Starts what waits for nothing. Where that fails, nothing is left running. */
    void begin() {
        boolean begun = false;
        try {
            parts.timer().start();
            if (failsFast) {
                parts.resources().decideStart(true);
                // One alone at first: a broken factory is asked once, and no other creation can hide its failure.
                parts.workers().start(1, config.maxWorkerCount());
            } else {
                CompletableFuture<?> unused = startTheRest();
                end();
            }
            begun = true;
        } finally {
            if (!begun) {
                shutdown.abort();
            }
        }
    }

    /** Whether it has a second half; not for who is part of it, and would wait for himself. */
    boolean isToBeAwaited() {
        return failsFast && !Frame.isWithin(parts.guard());
    }

    /**
     * Waits for these, and starts the rest of each. Where one fails, all are killed. One that another thread waits for, or has
     * waited for, ends here as it does there.
     */
    static void await(List<Startup> startups) {
        List<Startup> own = new ArrayList<>(startups.size());
        for (Startup startup : startups) {
            if (startup.claimed.compareAndSet(false, true)) {
                own.add(startup); // wants no memory: what is claimed must end
            }
        }
        Throwable failure = null;
        try {
            awaitAll(own, startup -> startup.told(startup.parts.resources().firstCreation()));
            awaitAll(own, startup -> startup.told(startup.startTheRest()));
            own.forEach(Startup::end);
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            for (int i = 0; i < own.size(); i++) {
                own.get(i).ended(failure);
            }
        }
        awaitAll(startups, startup -> startup.outcome);
    }

    private void ended(@Nullable Throwable failure) {
        try {
            if (failure != null) {
                shutdown.abort();
            }
        } finally {
            tell(failure);
        }
    }

    private void tell(@Nullable Throwable failure) {
        while (true) {
            try {
                boolean unused = failure == null ? outcome.complete(null) : outcome.completeExceptionally(failure);
                return;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private static void awaitAll(List<Startup> startups, Function<Startup, CompletableFuture<?>> step) {
        CompletableFuture<?>[] steps = startups.stream().map(step).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<?> all = CompletableFuture.allOf(steps);
        for (CompletableFuture<?> one : steps) {
            one.exceptionally(failure -> {
                all.completeExceptionally(failure);
                return null;
            });
        }
        try {
            all.get();
        } catch (ExecutionException e) {
            throw thrown(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResourceCreationException("managers " + names(startups) + " did not start: interrupted", e);
        }
    }

    private static RuntimeException thrown(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error; // no memory to tell of a failure, say
        }
        return e.getCause() instanceof RuntimeException told ? told : new IllegalStateException(e);
    }

    private static List<String> names(List<Startup> startups) {
        return startups.stream().map(startup -> startup.config.name()).toList();
    }

    /** Fails with what its caller is to be told. */
    private CompletableFuture<?> told(CompletableFuture<?> step) {
        return step.handle((done, failure) -> {
            if (failure != null) {
                throw told(failure);
            } else if (!parts.lifecycle().isRunning()) {
                throw told(new CancellationException());
            }
            return done;
        });
    }

    private ResourceCreationException told(Throwable failure) {
        String start = "manager \"" + config.name() + "\" did not start: ";
        return failure instanceof CancellationException
                ? new ResourceCreationException(start + "it was stopped before its first resource was there", null)
                : new ResourceCreationException(
                        start + failure.getMessage() + " (startupPolicy LENIENT would keep trying)",
                        failure.getCause());
    }

    /** Complete when the pool is full. */
    private CompletableFuture<?> startTheRest() {
        parts.workers().start(config.workerCount(), config.maxWorkerCount());
        return config.resourcePoolSize().orElse(0) > 0 ? parts.pool().fill() : CompletableFuture.completedFuture(null);
    }

    private void end() {
        parts.resources().decideStart(false);
        parts.scaler().start(config.burstInterval());
        int workers = config.maxWorkerCount();
        int forCallers = parts.pool().limit();
        parts.logger()
                .infof(
                        "started with %d workers, at most %d; at most %d resources, %d of them for runTask",
                        config.workerCount(), workers, (long) workers + forCallers, forCallers);
    }
}
