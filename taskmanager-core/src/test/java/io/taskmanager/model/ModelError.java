package io.taskmanager.model;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceHealthCheck;
import io.taskmanager.RetryPolicy;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.testkit.Sneaky;

/** What tasks throw: carries what the health check is to make of it. */
final class ModelError {

    enum Diagnosis {
        HEALTHY,
        UNHEALTHY,
        /** The health check throws, which counts as healthy. */
        CONFUSING
    }

    /** An error whose health is known. */
    private interface Diagnosed {
        Diagnosis diagnosis();

        ModelResource resource();
    }

    private static final class Soft extends Exception implements Diagnosed {
        private static final long serialVersionUID = 1L;
        private final transient Diagnosis diagnosis;
        private final transient ModelResource resource;

        Soft(String message, Diagnosis diagnosis, ModelResource resource) {
            super(message);
            this.diagnosis = diagnosis;
            this.resource = resource;
        }

        @Override
        public Diagnosis diagnosis() {
            return diagnosis;
        }

        @Override
        public ModelResource resource() {
            return resource;
        }
    }

    private static final class Hard extends Error implements Diagnosed {
        private static final long serialVersionUID = 1L;
        private final transient Diagnosis diagnosis;
        private final transient ModelResource resource;

        Hard(String message, Diagnosis diagnosis, ModelResource resource) {
            super(message);
            this.diagnosis = diagnosis;
            this.resource = resource;
        }

        @Override
        public Diagnosis diagnosis() {
            return diagnosis;
        }

        @Override
        public ModelResource resource() {
            return resource;
        }
    }

    private ModelError() {}

    static Throwable of(String message, boolean hard, Diagnosis diagnosis, ModelResource resource) {
        return hard ? new Hard(message, diagnosis, resource) : new Soft(message, diagnosis, resource);
    }

    static boolean isUnhealthy(Throwable error) {
        return error instanceof Diagnosed diagnosed && diagnosed.diagnosis() == Diagnosis.UNHEALTHY;
    }

    /** Wants another attempt after the errors that the default does, and after a run timeout. */
    static RetryPolicy retryPolicy(World world) {
        return (error, attempt) -> {
            boolean timedOut = error instanceof TaskTimeoutException;
            if (timedOut) {
                world.retriedErrors.incrementAndGet();
            }
            perhapsTakeTooLong(world, error);
            return timedOut || isUnhealthy(error);
        };
    }

    /** The same with the resource in hand. */
    static ResourceHealthCheck<ModelResource> resourceHealthCheck(World world) {
        HealthCheck ofErrors = healthCheck(world);
        return (error, resource) -> {
            if (error instanceof Diagnosed diagnosed && diagnosed.resource() != resource) {
                world.breach("asked about " + resource + " what concerns " + diagnosed.resource());
            }
            return ofErrors.isHealthy(error);
        };
    }

    /** Where checks may take too long, any does: it may be held up. Then it means no, which may be worth a retry. */
    private static void perhapsTakeTooLong(World world, Throwable error) {
        if (!world.hasty) {
            return;
        }
        world.retriedErrors.incrementAndGet();
        if (error instanceof Diagnosed diagnosed) {
            diagnosed.resource().checkedTooLong();
        }
        if (System.nanoTime() % 4 == 0) {
            World.dawdle(System.nanoTime() % 8_000);
        }
    }

    /** Answers as the error says; a resource found unhealthy must not be used again. */
    static HealthCheck healthCheck(World world) {
        return error -> {
            perhapsTakeTooLong(world, error);
            if (!(error instanceof Diagnosed diagnosed)) {
                return true;
            }
            return switch (diagnosed.diagnosis()) {
                case HEALTHY -> true;
                case UNHEALTHY -> {
                    diagnosed.resource().condemn("it was found unhealthy");
                    world.retriedErrors.incrementAndGet();
                    yield false;
                }
                case CONFUSING -> throw Sneaky.rethrow(new LinkageError("the health check fails"));
            };
        };
    }
}
