package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskOutcome;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryBlockingForm;
import io.taskmanager.testkit.EveryCallbackForm;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingLogger;
import io.taskmanager.testkit.ScriptedFactory;
import io.taskmanager.testkit.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.scheduler.NonBlocking;

/** The engine's threads: workers' are made by the factory of the config; all others, and those by default, are nobody's. */
class ThreadsTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    @EveryNonBlockingForm
    void nameWorkersAfterTheManager(EntryPoint entry) {
        var manager = bed.manager(config -> config.name("photos").workerCount(2));

        Thread worker = bed.call(entry, manager, (context, resource) -> Thread.currentThread())
                .value();

        assertThat(worker.getName()).matches("photos-worker-\\d+");
        assertThat(worker.isDaemon()).isFalse();
    }

    @EveryNonBlockingForm
    void comeFromTheFactoryOfTheConfig(EntryPoint entry) {
        Set<Thread> made = ConcurrentHashMap.newKeySet();
        var manager = bed.manager(config -> config.workerCount(2).threadFactory(work -> {
            Thread thread = new Thread(work, "made by the test");
            made.add(thread);
            return thread;
        }));

        assertThat(made)
                .contains(bed.call(entry, manager, (context, resource) -> Thread.currentThread())
                        .value());
        Await.until("both workers", () -> manager.stats().activeWorkers() == 2);
        assertThat(made)
                .containsAll(bed.factory().created().stream()
                        .map(resource -> resource.creator())
                        .toList());
    }

    @Test
    void handNoInterruptOfOneTaskToTheNext() {
        var manager = bed.manager(config -> config);
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                    Thread.currentThread().interrupt();
                    return null;
                })
                .value();

        assertThat(bed.call(
                                EntryPoint.QUEUE_TASK_ASYNC,
                                manager,
                                (context, resource) -> Thread.currentThread().isInterrupted())
                        .value())
                .isFalse();
    }

    @Test
    void handNothingThatATaskHasChangedOfThemToTheNext() {
        var manager = bed.manager(config -> config);
        List<Object> before = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> ofThread())
                .value();
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                    Thread thread = Thread.currentThread();
                    thread.setName("renamed");
                    thread.setPriority(Thread.MIN_PRIORITY);
                    thread.setContextClassLoader(null);
                    return null;
                })
                .value();

        assertThat(bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> ofThread())
                        .value())
                .isEqualTo(before);
    }

    private static List<Object> ofThread() {
        Thread thread = Thread.currentThread();
        return List.of(thread.getName(), thread.getPriority(), thread.getContextClassLoader());
    }

    // -- identity --------------------------------------------------------------------------------------------------

    private static final InheritableThreadLocal<String> USER = new InheritableThreadLocal<>();

    private final Map<String, String> identities = new ConcurrentHashMap<>();

    /** Notes who the current thread is, if it is one of the manager's. */
    private void note(String role) {
        identities.putIfAbsent(
                role,
                USER.get() + ", priority " + Thread.currentThread().getPriority() + ", loader "
                        + (Thread.currentThread().getContextClassLoader() == ThreadsTest.class.getClassLoader()));
    }

    /** Calls as another user of the application would: with thread-locals, loader and priority of its own. */
    private static <T> T as(String user, Callable<T> call) {
        return Background.start(() -> {
                    USER.set(user);
                    Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
                    Thread.currentThread().setPriority(Thread.MAX_PRIORITY);
                    return call.call();
                })
                .value();
    }

    @Test
    void areNobodysWhoeversCallStartsThem() {
        var manager = bed.manager(config -> config.listener(new TaskManagerListener() {
            @Override
            public void taskFinished(TaskFinished task) {
                if (task.outcome() == TaskOutcome.TIMED_OUT) {
                    note("timer");
                }
            }
        }));
        Gate gate = bed.gate();
        as("alice", () -> {
            manager.control().resize(2, 2);
            for (int i = 0; i < 2; i++) {
                bed.call(EntryPoint.QUEUE_TASK_WITH_CALLBACK, manager, (context, resource) -> {
                    note("worker " + Thread.currentThread().getName());
                    gate.pass();
                    return null;
                });
            }
            gate.awaitArrivals(2);
            var options =
                    TaskOptions.builder().queueTimeout(Duration.ofMillis(1)).build();
            Thread alice = Thread.currentThread();
            Await.until("an answer by a thread of the manager's", () -> {
                // A stage that comes after its timeout runs here, and then there must be another.
                var late = manager.submit((context, resource) -> null, options).whenComplete((value, error) -> {
                    if (Thread.currentThread() != alice) {
                        note("answer");
                    }
                });
                Await.until("the timeout", late::isDone);
                return identities.containsKey("answer");
            });
            gate.open();
            manager.queueTaskWithCallback((context, resource) -> null, (value, error) -> note("callback"));
            return null;
        });

        Await.until("each thread", () -> identities.size() == 5);
        assertThat(identities.keySet())
                .containsExactlyInAnyOrder(
                        "worker test-worker-1", "worker test-worker-2", "timer", "answer", "callback");
        assertThat(identities.values()).containsOnly("null, priority 5, loader true");
    }

    @Test
    void areNotTheCreatorsEitherButForItsClassLoader() {
        bed.factory().otherwise(factory -> {
            note(Thread.currentThread().getName());
            return ScriptedFactory.succeed().create(factory);
        });
        USER.set("admin");
        try {
            bed.manager(config -> config.workerCount(1).resourcePoolSize(1));
        } finally {
            USER.remove();
        }

        assertThat(identities).containsOnlyKeys("test-worker-1", "test-pool");
        assertThat(identities.values()).containsOnly("null, priority 5, loader true");
    }

    @EveryCallbackForm
    void handNothingOfOneCallbackToTheNext(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Set<String> found = ConcurrentHashMap.newKeySet();
        AtomicInteger calls = new AtomicInteger();
        for (int i = 1; i <= 20; i++) {
            entry.callWithCallback(manager, TestBed.watched((context, resource) -> null), (value, error) -> {
                Thread thread = Thread.currentThread();
                found.add(thread.getName().replaceAll("\\d+", "n") + ", priority " + thread.getPriority() + ", loader "
                        + (thread.getContextClassLoader() == ThreadsTest.class.getClassLoader()) + ", interrupted "
                        + thread.isInterrupted());
                thread.setName("mine");
                thread.setPriority(Thread.MIN_PRIORITY);
                thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
                thread.interrupt();
                calls.incrementAndGet();
            });
            int called = i;
            Await.until("the callback", () -> calls.get() == called);
        }

        assertThat(found).containsExactly("test-callback-n, priority 5, loader true, interrupted false");
    }

    @Test
    void areAFewForTheAnswersOfAKill() {
        var manager = bed.manager(config -> config);
        bed.occupy(manager, 1);
        Gate gate = bed.gate();
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            var unused = manager.queueTaskAsync((context, resource) -> null).whenComplete((value, error) -> {
                gate.passIgnoringInterrupts();
                answered.incrementAndGet();
            });
        }

        Background<ShutdownReport> kill = Background.start(() -> manager.kill());
        gate.awaitArrivals(64);
        kill.parked(); // has handed out all, and waits for them

        assertThat(bed.threads())
                .filteredOn(thread -> thread.getName().startsWith("test-answer"))
                .hasSizeLessThan(100);
        gate.open();
        kill.value();
        assertThat(answered).hasValue(1_000);
    }

    /** As Reactor has them. */
    private static final class EventLoop extends Thread implements NonBlocking {

        EventLoop(Runnable action) {
            super(action, "event-loop");
        }
    }

    @EveryBlockingForm
    void areWarnedOfOnceWhereTheyMustNotBlock(EntryPoint entry) throws InterruptedException {
        var manager = bed.manager(config -> config);
        List<Object> values = new CopyOnWriteArrayList<>();

        Thread eventLoop = new EventLoop(() -> {
            for (int i = 0; i < 3; i++) {
                values.add(bed.callHere(entry, manager, (context, resource) -> "ran")
                        .value());
            }
        });
        eventLoop.start();
        eventLoop.join();
        bed.call(entry, manager, (context, resource) -> "ran").value();

        assertThat(values).containsExactly("ran", "ran", "ran");
        assertThat(bed.logger().lines(RecordingLogger.Level.WARN))
                .singleElement()
                .satisfies(line -> assertThat(line.text()).contains("event-loop", "must not block", "async form"));
    }

    @EveryNonBlockingForm
    void areNotWarnedOfWhereACallDoesNotBlock(EntryPoint entry) throws InterruptedException {
        var manager = bed.manager(config -> config);
        List<Answer<Object>> answers = new CopyOnWriteArrayList<>();

        Thread eventLoop = new EventLoop(() -> answers.add(bed.callHere(entry, manager, (context, resource) -> "ran")));
        eventLoop.start();
        eventLoop.join();

        assertThat(answers.get(0).value()).isEqualTo("ran");
        assertThat(bed.logger().lines(RecordingLogger.Level.WARN)).isEmpty();
    }
}
