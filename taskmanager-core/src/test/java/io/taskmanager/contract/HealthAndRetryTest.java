package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.RetriesExhaustedException;
import io.taskmanager.Task;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskOptions;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryOnceForm;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory;
import io.taskmanager.testkit.Sneaky;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Health and retries: a broken resource is replaced, and its task runs again on another one, where its form allows. */
class HealthAndRetryTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final List<Resource> used = new CopyOnWriteArrayList<>();
    private final List<Integer> attempts = new CopyOnWriteArrayList<>();

    @EveryEntryPoint
    void keepsTheResourceAfterAHealthyError(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> error instanceof IOException));
        bed.call(entry, manager, failing(new IOException("healthy"))).error(TaskExecutionException.class);

        bed.call(entry, manager, noting()).value();

        assertThat(attempts).containsExactly(1, 1);
        assertThat(used.get(0)).isSameAs(used.get(1));
        assertThat(bed.factory().destroyed()).isEmpty();
    }

    @EveryEntryPoint
    void asksAHealthCheckWithTheResourceInHandInPlaceOfTheOther(EntryPoint entry) {
        AtomicReference<Resource> asked = new AtomicReference<>();
        AtomicReference<Resource> used = new AtomicReference<>();
        var manager = bed.manager(config -> config.maxRetries(0)
                .healthCheck(error -> {
                    throw new AssertionError("asked in vain");
                })
                .resourceHealthCheck((error, resource) -> {
                    asked.set(resource);
                    return false;
                }));

        bed.call(entry, manager, (context, resource) -> {
                    used.set(resource);
                    throw new IOException("broken");
                })
                .error(TaskExecutionException.class);

        assertThat(asked.get()).isSameAs(used.get());
        Await.until("the end of the resource", () -> used.get().isDestroyed());
    }

    @EveryRetriedForm
    void replacesTheResourceAfterAnUnhealthyErrorAndRunsTheTaskAgain(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false));

        Answer<String> answer = bed.call(entry, manager, (context, resource) -> {
            note(context.attempt(), resource);
            if (context.attempt() == 1) {
                throw new IOException("unhealthy");
            }
            return "second";
        });

        assertThat(answer.value()).isEqualTo("second");
        assertThat(attempts).containsExactly(1, 2);
        Await.until("the end of the broken one", () -> used.get(0).destructions() == 1);
        assertThat(used.get(1)).isNotSameAs(used.get(0));
        assertThat(used.get(1).isDestroyed()).isFalse();
        assertThat(bed.factory().created()).hasSize(2);
        assertThat(manager.stats().activeWorkers()).isEqualTo(1);
    }

    @EveryRetriedForm
    void replacesTheResourceAfterAnUnhealthyErrorOfEveryKind(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> !(error instanceof LinkageError)));

        Answer<Integer> answer = bed.call(entry, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                throw new LinkageError("unhealthy");
            }
            return context.attempt();
        });

        assertThat(answer.value()).isEqualTo(2);
    }

    @EveryRetriedForm
    void givesUpAfterMaxRetries(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false).maxRetries(2));

        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            note(context.attempt(), resource);
            throw new IOException("attempt " + context.attempt());
        });

        RetriesExhaustedException error = answer.error(RetriesExhaustedException.class);
        assertThat(error.attempts()).isEqualTo(3);
        assertThat(error).cause().isExactlyInstanceOf(IOException.class).hasMessage("attempt 3");
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(new HashSet<>(used)).hasSize(3);
        Await.untilAsserted(() -> assertThat(bed.factory().destroyed()).containsExactlyElementsOf(used));
        Await.until("a new resource", () -> manager.stats().activeWorkers() == 1);
    }

    @EveryRetriedForm
    void neverRetriesWithMaxRetriesZero(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false).maxRetries(0));
        var thrown = new IOException("unhealthy");

        Throwable error = bed.call(entry, manager, failing(thrown)).error();

        assertThat(error).isInstanceOf(TaskExecutionException.class).cause().isSameAs(thrown);
        assertThat(attempts).containsExactly(1);
        Await.until("its resource's end", () -> used.get(0).destructions() == 1);
    }

    @EveryOnceForm
    void neverRetriesATaskThatRunsOnce(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false));
        var thrown = new IOException("unhealthy");

        TaskExecutionException error = bed.call(entry, manager, failing(thrown)).error(TaskExecutionException.class);

        assertThat(error).cause().isSameAs(thrown);
        Await.until("its resource's end", () -> used.get(0).destructions() == 1);
        bed.call(entry, manager, noting()).value();
        assertThat(attempts).containsExactly(1, 1);
        assertThat(used.get(1)).isNotSameAs(used.get(0));
        assertThat(manager.metrics().totalTasksRetried()).isZero();
    }

    @EveryRetriedForm
    void endsWithAHealthyErrorOfARetry(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> !(error instanceof IOException)));

        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            note(context.attempt(), resource);
            throw context.attempt() == 1 ? new IOException("unhealthy") : new IllegalStateException("healthy");
        });

        assertThat(answer.error(TaskExecutionException.class)).cause().hasMessage("healthy");
        assertThat(attempts).containsExactly(1, 2);
        assertThat(used.get(1).isDestroyed()).isFalse();
    }

    @EveryEntryPoint
    void showsTheHealthCheckWhatTheTaskThrew(EntryPoint entry) {
        List<Throwable> shown = new CopyOnWriteArrayList<>();
        var manager = bed.manager(config -> config.healthCheck(error -> {
            shown.add(error);
            return true;
        }));
        var thrown = new IOException();

        bed.call(entry, manager, noting()).value();
        bed.call(entry, manager, failing(thrown)).error();

        assertThat(shown).hasSize(1).first().isSameAs(thrown);
    }

    @Test
    void retriesAsOftenAsTheOptionsSay() {
        var manager = bed.manager(config -> config.healthCheck(error -> false).maxRetries(1));
        var options = TaskOptions.builder().maxRetries(3).build();

        var future = manager.submit(failing(new IOException()), options);

        assertThat(future)
                .failsWithin(Await.BOUND)
                .withThrowableOfType(ExecutionException.class)
                .satisfies(e -> assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                                RetriesExhaustedException.class,
                                cause -> assertThat(cause.attempts()).isEqualTo(4)));
        assertThat(attempts).containsExactly(1, 2, 3, 4);
    }

    @Test
    void neverRetriesWhereTheOptionsSaySo() {
        var manager = bed.manager(config -> config.healthCheck(error -> false).maxRetries(3));
        var options = TaskOptions.builder().maxRetries(0).build();

        var future = manager.submit(failing(new IOException()), options);

        assertThat(future.handle((value, error) -> error).join())
                .isNotInstanceOf(CompletionException.class)
                .isInstanceOf(TaskExecutionException.class);
        assertThat(attempts).containsExactly(1);
    }

    @EveryRetriedForm
    void requeuesThoughTheLanesAreFull(EntryPoint entry) {
        var manager = bed.manager(
                config -> config.healthCheck(error -> false).queueCapacity(1).priorityQueueCapacity(1));
        Gate gate = bed.gate();
        Answer<Integer> answer = bed.call(entry, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                gate.pass();
                throw new IOException("unhealthy");
            }
            return context.attempt();
        });
        gate.awaitArrivals(1);
        Answer<String> main = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "main");
        Answer<String> priority =
                bed.call(EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC, manager, (context, resource) -> "priority");

        gate.open();

        assertThat(answer.value()).isEqualTo(2);
        assertThat(main.value()).isEqualTo("main");
        assertThat(priority.value()).isEqualTo("priority");
    }

    @EveryRetriedForm
    void keepsNoWorkerWaitingThroughTheBackoff(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false)
                .retryBackoff(new Backoff(Duration.ofHours(1), 1, Duration.ofHours(1), 0)));
        Answer<Object> inBackoff = bed.call(entry, manager, failing(new IOException()));
        Await.until("the back-off", () -> manager.stats().retryingTasks() == 1);

        assertThat(bed.call(entry, manager, (context, resource) -> "other").value())
                .isEqualTo("other");

        assertThat(inBackoff.isDone()).isFalse();
        Await.until("an idle worker", () -> manager.stats().busyWorkers() == 0);
        assertThat(manager.stats().retryingTasks()).isEqualTo(1);
        manager.kill();
        inBackoff.error(TaskCancelledException.class);
        assertThat(attempts).containsExactly(1);
    }

    @EveryRetriedForm
    void countsATaskInBackoffUntilItRunsAgain(EntryPoint entry) {
        Duration delay = Duration.ofMillis(20);
        var manager = bed.manager(
                config -> config.healthCheck(error -> false).retryBackoff(new Backoff(delay, 1, delay, 0.5)));
        List<Answer<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(bed.call(entry, manager, (context, resource) -> {
                if (context.attempt() < 3) {
                    throw new IOException("unhealthy");
                }
                return manager.stats().retryingTasks();
            }));
        }

        answers.forEach(answer -> assertThat(answer.value()).isBetween(0, 4));

        assertThat(manager.stats().retryingTasks()).isZero();
    }

    @EveryRetriedForm
    void waitsAtLeastTheBackoff(EntryPoint entry) {
        Duration delay = Duration.ofMillis(30);
        var manager =
                bed.manager(config -> config.healthCheck(error -> false).retryBackoff(new Backoff(delay, 1, delay, 0)));
        List<Long> starts = new CopyOnWriteArrayList<>();

        bed.call(entry, manager, (context, resource) -> {
                    starts.add(System.nanoTime());
                    if (context.attempt() == 1) {
                        throw new IOException();
                    }
                    return null;
                })
                .value();

        assertThat(Duration.ofNanos(starts.get(1) - starts.get(0))).isGreaterThanOrEqualTo(delay);
    }

    @EveryRetriedForm
    void waitsLongerBeforeEachFurtherRetry(EntryPoint entry) {
        Duration tick = Duration.ofMillis(1);
        Backoff backoff = new Backoff(Duration.ofSeconds(1), 3, Duration.ofSeconds(5), 0);
        var manager =
                bed.timedManager(config -> config.healthCheck(error -> false).retryBackoff(backoff));
        Answer<Object> answer = bed.call(entry, manager, failing(new IOException()));
        for (Duration pause : List.of(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(5))) {
            Await.until("the back-off", () -> manager.stats().retryingTasks() == 1);
            int before = attempts.size();
            bed.timer().advance(pause.minus(tick));
            // A retry that was due would run before this one, on the same worker.
            bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null)
                    .value();
            assertThat(attempts).hasSize(before);
            bed.timer().advance(tick);
            Await.until("the next attempt", () -> attempts.size() == before + 1);
        }
        answer.error(RetriesExhaustedException.class);
        assertThat(attempts).containsExactly(1, 2, 3, 4);
    }

    @EveryRetriedForm
    void countsAWorkerThatRunsARetryAsBusy(EntryPoint entry) {
        var manager =
                bed.manager(config -> config.workerCount(3).resourcePoolSize(0).healthCheck(error -> false));
        var unseen = new AtomicInteger();
        List<Answer<Object>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            answers.add(bed.call(entry, manager, (context, resource) -> {
                if (context.attempt() < 3) {
                    throw new IOException("unhealthy");
                }
                for (int look = 0; look < 20; look++) {
                    if (manager.stats().busyWorkers() == 0) {
                        unseen.incrementAndGet();
                    }
                }
                return null;
            }));
        }

        answers.forEach(Answer::value);

        assertThat(unseen.get()).isZero();
    }

    @EveryRetriedForm
    void handsNoInterruptOfATaskToTheFactory(EntryPoint entry) {
        bed.factory().bindToThreads(); // on its caller's thread, the interrupt is the caller's
        var interrupted = new CopyOnWriteArrayList<String>();
        var manager = bed.manager(config -> config.healthCheck(error -> false));
        bed.factory()
                .onDestroy(resource -> noteInterrupt(interrupted, "destroy"))
                .otherwise(factory -> {
                    noteInterrupt(interrupted, "create");
                    return ScriptedFactory.succeed().create(factory);
                });

        bed.call(entry, manager, (context, resource) -> {
                    if (context.attempt() == 1) {
                        Thread.currentThread().interrupt();
                        throw new IOException("unhealthy");
                    }
                    return null;
                })
                .value();

        assertThat(interrupted).isEmpty();
    }

    private static void noteInterrupt(List<String> interrupted, String where) {
        if (Thread.currentThread().isInterrupted()) {
            interrupted.add(where);
        }
    }

    private Task<Resource, Object> noting() {
        return (context, resource) -> {
            note(context.attempt(), resource);
            return null;
        };
    }

    private Task<Resource, Object> failing(Throwable error) {
        return (context, resource) -> {
            note(context.attempt(), resource);
            throw Sneaky.rethrow(error);
        };
    }

    private void note(int attempt, Resource resource) {
        attempts.add(attempt);
        used.add(resource);
    }
}
