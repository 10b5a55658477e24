package io.taskmanager.faults;

import io.taskmanager.Backoff;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** What is done to a {@link Patient} while it is in trouble: one call of the API, and what goes on before it. */
enum Operation {
    ASYNC {
        @Override
        void perform(Patient patient) {
            patient.expect(patient.manager().queueTaskAsync((context, resource) -> 1));
        }
    },
    ASYNC_WITH_A_WORKER_BUSY {
        @Override
        void prepare(Patient patient) {
            patient.occupyWorker();
        }

        @Override
        void perform(Patient patient) {
            patient.expect(patient.manager().queueTaskAsync((context, resource) -> 1));
        }
    },
    CALLBACK {
        @Override
        void perform(Patient patient) {
            CompletableFuture<Object> called = new CompletableFuture<>();
            patient.manager()
                    .queueTaskWithCallback((context, resource) -> 1, (result, error) -> called.complete(result));
            patient.expect(called);
        }
    },
    REFUSED_CALLBACK {
        @Override
        UnaryOperator<TaskManagerConfig.Builder<Object>> settings() {
            return builder -> builder.queueCapacity(1);
        }

        @Override
        void prepare(Patient patient) {
            patient.occupyWorker();
            patient.expect(patient.manager().queueTaskAsync((context, resource) -> 1));
        }

        @Override
        void perform(Patient patient) {
            CompletableFuture<Object> called = new CompletableFuture<>();
            patient.manager()
                    .queueTaskWithCallback((context, resource) -> 1, (result, error) -> called.complete(result));
            patient.expect(called);
        }
    },
    BLOCKING_ON_A_LENT_WORKER {
        @Override
        void perform(Patient patient) throws Exception {
            patient.manager().queueTask((context, resource) -> 1);
        }
    },
    BLOCKING_IN_THE_QUEUE {
        @Override
        void prepare(Patient patient) {
            patient.occupyWorkerUntilQueued();
        }

        @Override
        void perform(Patient patient) throws Exception {
            patient.manager().queueTask((context, resource) -> 1);
        }
    },
    BLOCKING_FOR_ROOM {
        @Override
        UnaryOperator<TaskManagerConfig.Builder<Object>> settings() {
            return builder -> builder.queueCapacity(1).enqueueTimeout(Duration.ofMillis(1));
        }

        @Override
        void prepare(Patient patient) {
            patient.occupyWorker();
            patient.expect(patient.manager().queueTaskAsync((context, resource) -> 1));
        }

        @Override
        void perform(Patient patient) throws Exception {
            patient.manager().queueTask((context, resource) -> 1);
        }
    },
    RUN_TASK_ON_A_POOLED_RESOURCE {
        @Override
        UnaryOperator<TaskManagerConfig.Builder<Object>> settings() {
            return builder -> builder.resourcePoolSize(1);
        }

        @Override
        void perform(Patient patient) throws Exception {
            patient.manager().runTask((context, resource) -> 1);
        }
    },
    RUN_TASK_CREATING_ONE_FOR_THE_POOL {
        @Override
        void perform(Patient patient) throws Exception {
            patient.manager().runTask((context, resource) -> 1);
        }
    },
    RUN_TASK_ON_A_TEMPORARY_RESOURCE {
        @Override
        UnaryOperator<TaskManagerConfig.Builder<Object>> settings() {
            return builder -> builder.resourcePoolSize(0);
        }

        @Override
        void perform(Patient patient) throws Exception {
            patient.manager().runTask((context, resource) -> 1);
        }
    },
    RUN_TASK_THAT_BREAKS_ITS_RESOURCE {
        @Override
        void perform(Patient patient) throws Exception {
            patient.manager().runTask((context, resource) -> {
                throw new Patient.Broken();
            });
        }
    },
    SUBMIT_WITH_OPTIONS {
        @Override
        void perform(Patient patient) {
            patient.expect(patient.manager()
                    .submit(
                            (context, resource) -> 1,
                            TaskOptions.builder()
                                    .name("optional")
                                    .priority()
                                    .timeout(Duration.ofMinutes(1))
                                    .queueTimeout(Duration.ofMinutes(1))
                                    .deadline(Instant.now().plusSeconds(60))
                                    .tag("key", "value")
                                    .build()));
        }
    },
    CANCEL_OF_A_QUEUED_TASK {
        @Override
        void prepare(Patient patient) {
            patient.occupyWorker();
            patient.victim = patient.expect(patient.manager().queueTaskAsync((context, resource) -> 1));
        }

        @Override
        void perform(Patient patient) {
            patient.victim.cancel(true);
        }
    },
    CANCEL_OF_A_RUNNING_TASK {
        @Override
        void prepare(Patient patient) {
            patient.victim = patient.occupyWorker();
        }

        @Override
        void perform(Patient patient) {
            patient.victim.cancel(true);
        }
    },
    RETRY {
        @Override
        void perform(Patient patient) {
            patient.expect(patient.manager().queueTaskAsync((context, resource) -> Patient.failOnce(context)));
        }
    },
    RETRY_AFTER_A_BACKOFF {
        @Override
        UnaryOperator<TaskManagerConfig.Builder<Object>> settings() {
            return builder -> builder.retryBackoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(1)));
        }

        @Override
        void perform(Patient patient) {
            patient.expect(patient.manager().queueTaskAsync((context, resource) -> Patient.failOnce(context)));
        }
    },
    RETRY_OF_A_LENT_TASK {
        @Override
        void perform(Patient patient) throws Exception {
            patient.manager().queueTask((context, resource) -> Patient.failOnce(context));
        }
    },
    RUN_TIMEOUT {
        @Override
        void perform(Patient patient) {
            patient.expect(patient.manager()
                    .submit(
                            (context, resource) -> {
                                patient.gate().pass();
                                return 1;
                            },
                            TaskOptions.builder().timeout(Duration.ofMillis(1)).build()));
        }

        @Override
        boolean endsByItself() {
            return true;
        }
    },
    STATS {
        @Override
        void perform(Patient patient) {
            patient.manager().stats();
        }
    },
    /** Of tasks that have arrived, too, and have to be taken into their lane. */
    METRICS {
        @Override
        void prepare(Patient patient) {
            patient.occupyWorker();
            patient.expect(patient.manager().queueTaskAsync((context, resource) -> 1));
            patient.expect(patient.manager().queueTaskWithPriorityAsync((context, resource) -> 1));
        }

        @Override
        void perform(Patient patient) {
            patient.manager().metrics();
        }
    },
    PAUSE_AND_RESUME {
        @Override
        void perform(Patient patient) {
            patient.manager().control().pause();
            patient.manager().control().resume();
        }

        @Override
        void repeatWhatMustBeDone(Patient patient) {
            patient.manager().control().resume();
        }
    },
    RESIZE {
        @Override
        void perform(Patient patient) {
            patient.manager().control().resize(2, 2);
            patient.manager().control().resize(1, 1);
        }

        @Override
        void repeatWhatMustBeDone(Patient patient) {
            patient.manager().control().resize(1, 1);
        }
    },
    RECYCLE {
        @Override
        void perform(Patient patient) {
            patient.manager().control().recycle();
        }
    },
    LOOKS {
        @Override
        void perform(Patient patient) {
            patient.manager().control().explain();
            patient.manager().control().workers();
            patient.manager().control().events();
        }
    },
    STOP {
        @Override
        void perform(Patient patient) {
            patient.manager().stop();
        }
    },
    KILL {
        @Override
        void prepare(Patient patient) {
            patient.occupyWorker();
            patient.expect(patient.manager().queueTaskAsync((context, resource) -> 1));
        }

        @Override
        void perform(Patient patient) {
            patient.manager().kill();
        }
    };

    /** Settings besides the patient's own: one worker, no scaling, no back-off. */
    UnaryOperator<TaskManagerConfig.Builder<Object>> settings() {
        return builder -> builder;
    }

    /** What goes on before the trouble. */
    void prepare(Patient patient) {}

    /** The call that is made in trouble. */
    abstract void perform(Patient patient) throws Exception;

    /** Whether the held task ends though the gate stays shut. */
    boolean endsByItself() {
        return false;
    }

    /** What a caller must do again once the trouble has passed, since the call may have failed before it did that. */
    void repeatWhatMustBeDone(Patient patient) {}
}
