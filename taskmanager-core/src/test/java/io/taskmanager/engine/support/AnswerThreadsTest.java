package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.LeakedThreads;
import io.taskmanager.testkit.RecordingLogger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AnswerThreadsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration NEVER = Duration.ofDays(1);

    @RegisterExtension
    final LeakedThreads leaked = new LeakedThreads();

    private final RecordingLogger logger = new RecordingLogger(false);
    private final Guard guard = new Guard(logger);
    private final Gate gate = new Gate();
    private final List<AnswerThreads> open = new ArrayList<>();

    /** A few platform threads; and what there is on this Java. */
    static Stream<Named<Boolean>> kinds() {
        return Stream.of(Named.of("platform threads", false), Named.of("virtual threads", true))
                .filter(kind -> !kind.getPayload() || Threads.CAN_BE_VIRTUAL);
    }

    /** How answers are given to be handed out. */
    private enum Way {
        ONE_BY_ONE {
            @Override
            void handOut(AnswerThreads threads, List<Runnable> answers) {
                answers.forEach(threads::execute);
            }
        },
        AT_ONCE {
            @Override
            void handOut(AnswerThreads threads, List<Runnable> answers) {
                threads.executeAll(answers.toArray(Runnable[]::new));
            }
        };

        abstract void handOut(AnswerThreads threads, List<Runnable> answers);
    }

    static Stream<Arguments> kindsAndWays() {
        return kinds().flatMap(kind -> Stream.of(Way.values()).map(way -> Arguments.of(kind, way)));
    }

    private AnswerThreads threads(boolean virtual, int count, Duration stall) {
        return threads(
                virtual ? AnswerThreads.virtual("answer") : AnswerThreads.platform("answer", count, stall, guard));
    }

    private AnswerThreads threads(ExecutorService executor) {
        AnswerThreads threads = new AnswerThreads(executor, guard);
        open.add(threads);
        return threads;
    }

    @AfterEach
    void close() {
        gate.open();
        open.forEach(threads -> threads.close(LONG));
    }

    @ParameterizedTest
    @EnumSource
    void nine_thousand_answers_that_take_their_time_have_a_few_threads(Way way) {
        AnswerThreads answers = threads(false, 64, NEVER);
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger mostAtWork = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();

        Runnable slow = () -> {
            mostAtWork.accumulateAndGet(atWork.incrementAndGet(), Math::max);
            gate.passIgnoringInterrupts();
            answered.incrementAndGet();
            atWork.decrementAndGet();
        };
        way.handOut(answers, Collections.nCopies(9_000, slow));
        gate.awaitArrivals(64);
        gate.open();

        assertThat(answers.close(LONG)).isTrue();
        assertThat(answered).hasValue(9_000);
        assertThat(mostAtWork).hasValue(64);
    }

    @ParameterizedTest
    @MethodSource("kindsAndWays")
    void answers_that_wait_for_one_another_get_on_though_they_are_more_than_the_threads(boolean virtual, Way way) {
        AnswerThreads answers = threads(virtual, 2, Duration.ofMillis(1));
        List<CompletableFuture<Void>> chain =
                Stream.generate(CompletableFuture<Void>::new).limit(20).toList();

        List<Runnable> links = new ArrayList<>();
        for (int i = 0; i < chain.size(); i++) {
            CompletableFuture<Void> mine = chain.get(i);
            Runnable wait = i + 1 < chain.size() ? chain.get(i + 1)::join : () -> {};
            links.add(() -> {
                wait.run();
                mine.complete(null);
            });
        }
        way.handOut(answers, links);

        assertThat(answers.close(LONG)).isTrue();
        assertThat(chain).allSatisfy(answer -> assertThat(answer).isCompleted());
    }

    @Test
    void the_threads_that_a_stall_has_brought_end_with_it() {
        AnswerThreads answers = threads(false, 2, Duration.ofMillis(1));
        CountDownLatch all = new CountDownLatch(6);
        for (int i = 0; i < 6; i++) {
            answers.execute(() -> {
                all.countDown();
                Waits.uninterruptibly(LONG, all::await);
            });
        }

        Await.until(
                "two threads at most",
                () -> all.getCount() == 0 && leaked.leaked().size() <= 2);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void the_end_does_not_wait_for_ever(boolean virtual) {
        AnswerThreads answers = threads(virtual, 2, NEVER);
        answers.execute(gate::passIgnoringInterrupts);

        assertThat(answers.close(Duration.ZERO)).isFalse();
        gate.open();
        assertThat(answers.close(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void an_answer_that_ends_all_does_not_wait_for_itself(boolean virtual) {
        AnswerThreads answers = threads(virtual, 1, NEVER);
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        CompletableFuture<Void> last = new CompletableFuture<>();

        answers.execute(gate::passIgnoringInterrupts);
        answers.execute(() -> closed.complete(answers.close(LONG)));
        answers.execute(() -> last.complete(null));
        gate.open();

        assertThat(closed.join()).isTrue();
        last.join();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void an_answer_after_the_end_is_handed_out_here(boolean virtual) {
        AnswerThreads answers = threads(virtual, 1, NEVER);
        answers.close(LONG);

        assertThat(handedOutBy(answers)).isSameAs(Thread.currentThread());
    }

    @Test
    void an_answer_is_handed_out_here_where_no_thread_can_be_had() {
        AnswerThreads answers = threads(new GrowingPool(
                1,
                NEVER,
                action -> {
                    throw new OutOfMemoryError("no thread");
                },
                Threads.daemon("watch"),
                guard));

        assertThat(handedOutBy(answers)).isSameAs(Thread.currentThread());
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_is_handed_out_once_though_its_executor_fails_after_it_has_taken_it(Way way) {
        AtomicInteger answered = new AtomicInteger();
        AnswerThreads answers =
                threads(new GrowingPool(1, NEVER, Threads.daemon("answer"), Threads.daemon("watch"), guard) {
                    @Override
                    public void execute(Runnable action) {
                        super.execute(action);
                        throw new OutOfMemoryError("too late");
                    }
                });

        way.handOut(answers, Collections.nCopies(100, answered::incrementAndGet));

        assertThat(answers.close(LONG)).isTrue();
        assertThat(answered).hasValue(100);
    }

    @ParameterizedTest
    @EnumSource
    void each_is_handed_out_once_and_the_end_comes_where_a_thread_can_be_had_only_at_times(Way way) {
        AtomicInteger asked = new AtomicInteger();
        ThreadFactory daemons = Threads.daemon("answer");
        ThreadFactory failing = action -> {
            if (asked.incrementAndGet() % 3 != 0) {
                throw new OutOfMemoryError("no thread");
            }
            return daemons.newThread(action);
        };
        AnswerThreads answers = threads(new GrowingPool(2, Duration.ofMillis(1), failing, failing, guard));
        AtomicInteger answered = new AtomicInteger();

        way.handOut(answers, Collections.nCopies(1_000, answered::incrementAndGet));

        assertThat(answers.close(LONG)).isTrue();
        assertThat(answered).hasValue(1_000);
    }

    @Test
    void many_answers_are_handed_out_here_where_no_thread_can_be_had() {
        AnswerThreads answers = threads(new GrowingPool(
                1,
                NEVER,
                action -> {
                    throw new OutOfMemoryError("no thread");
                },
                Threads.daemon("watch"),
                guard));
        Set<Thread> used = new HashSet<>();

        Way.AT_ONCE.handOut(answers, Collections.nCopies(1_000, () -> used.add(Thread.currentThread())));

        assertThat(used).containsExactly(Thread.currentThread());
    }

    @Test
    void one_of_many_answers_finds_no_interrupt_of_the_one_before() {
        AnswerThreads answers = threads(false, 1, NEVER);
        AtomicInteger interrupted = new AtomicInteger();

        Way.AT_ONCE.handOut(answers, Collections.nCopies(1_000, () -> {
            interrupted.addAndGet(Thread.interrupted() ? 1 : 0);
            Thread.currentThread().interrupt();
        }));

        assertThat(answers.close(LONG)).isTrue();
        assertThat(interrupted).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void an_answer_that_throws_is_logged_and_the_next_are_handed_out(boolean virtual) {
        AnswerThreads answers = threads(virtual, 1, NEVER);
        Error error = new StackOverflowError("test");
        Runnable throwing = () -> {
            throw error;
        };

        answers.execute(throwing);
        Thread next = handedOutBy(answers);
        answers.close(LONG);
        answers.execute(throwing);

        assertThat(next).isNotSameAs(Thread.currentThread());
        assertThat(logger.lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.cause()).isSameAs(error));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void each_finds_its_thread_as_the_first_did(boolean virtual) {
        AnswerThreads answers = threads(virtual, 1, NEVER);
        List<Supplier<Object>> looks = List.of(
                () -> Thread.currentThread().getName().matches("answer-\\d+"),
                () -> Thread.currentThread().getPriority() == Thread.NORM_PRIORITY,
                () -> Thread.currentThread().getContextClassLoader() == AnswerThreadsTest.class.getClassLoader(),
                () -> !Thread.currentThread().isInterrupted());

        List<CompletableFuture<List<Object>>> found = IntStream.range(0, 5)
                .mapToObj(i -> new CompletableFuture<List<Object>>())
                .toList();
        found.forEach(mine -> answers.execute(() -> {
            mine.complete(looks.stream().map(Supplier::get).toList());
            Thread.currentThread().setName("mine");
            Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
            Thread.currentThread().setContextClassLoader(null);
            Thread.currentThread().interrupt();
        }));

        assertThat(found).allSatisfy(mine -> assertThat(mine.get()).isEqualTo(List.<Object>of(true, true, true, true)));
    }

    private static Thread handedOutBy(AnswerThreads answers) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        answers.execute(() -> thread.complete(Thread.currentThread()));
        return thread.join();
    }
}
