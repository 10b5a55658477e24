package io.taskmanager.durable.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.engine.Outcome.Ended;
import io.taskmanager.durable.engine.Outcome.Picked;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;

/** Who writes, for whom, and what becomes of the others when a thread is interrupted; with a store that answers on command. */
@Timeout(30)
class GroupCommitTests {

    /** A call of the store's, which waits for its answer. */
    private record Call(List<String> ids, FutureTask<Void> answer) {
        void commit() {
            answer.run();
        }
    }

    private final LinkedBlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final GroupCommit commits = new GroupCommit(this::answer);
    private final List<Thread> threads = new ArrayList<>();

    private boolean[] answer(List<Outcome> outcomes) {
        List<String> ids =
                outcomes.stream().map(outcome -> outcome.picked().id()).toList();
        FutureTask<Void> answer = new FutureTask<>(() -> null);
        calls.add(new Call(ids, answer));
        try {
            answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // as a pool of connections does
            throw new QueryTimeoutException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        boolean[] applied = new boolean[ids.size()];
        for (int i = 0; i < applied.length; i++) {
            applied[i] = !ids.get(i).startsWith("others");
        }
        return applied;
    }

    private static Outcome outcome(String id) {
        return new Ended(
                new Picked("job", id, 1, Instant.EPOCH, 0, 0),
                DurableTaskState.SUCCEEDED,
                new TaskData.Header(null, false, null, null, 0, 0, null, null, null, null),
                1,
                Instant.EPOCH,
                Instant.EPOCH,
                "node",
                null,
                null,
                null);
    }

    /** A thread that writes an outcome, once it waits for the store or for another thread. */
    private final class Writer {
        final FutureTask<Boolean> result;
        final Thread thread;

        Writer(String id) {
            result = new FutureTask<>(() -> commits.write(outcome(id)));
            thread = new Thread(result, id);
            threads.add(thread);
            thread.start();
            await().until(() -> thread.getState() == Thread.State.WAITING);
        }
    }

    @AfterEach
    void allEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(10_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
        assertThat(calls).isEmpty();
        // And who comes next writes at once.
        FutureTask<Boolean> next = new FutureTask<>(() -> commits.write(outcome("next")));
        new Thread(next).start();
        calls.take().commit();
        assertThat(next).succeedsWithin(java.time.Duration.ofSeconds(30));
    }

    @Test
    void whatComesWhileTwoCommitsAreUnderWayGoesTogetherIntoTheNext() throws Exception {
        Writer first = new Writer("1");
        Writer second = new Writer("2");
        Writer third = new Writer("3");
        Writer others = new Writer("others");
        Call one = calls.take();
        Call two = calls.take();
        assertThat(List.of(one.ids(), two.ids())).isEqualTo(List.of(List.of("1"), List.of("2")));

        two.commit();

        assertThat(second.result.get()).isTrue();
        Call rest = calls.take();
        assertThat(rest.ids()).isEqualTo(List.of("3", "others"));
        assertThat(third.result.isDone()).isFalse();
        rest.commit();
        assertThat(third.result.get()).isTrue();
        assertThat(others.result.get()).isFalse();
        one.commit();
        assertThat(first.result.get()).isTrue();
    }

    @Test
    void whereTheWriterIsInterruptedAnotherWritesForThoseThatAreLeft() throws Exception {
        Writer first = new Writer("1");
        Writer second = new Writer("2");
        Writer third = new Writer("3");
        Writer fourth = new Writer("4");
        Call one = calls.take();
        Call two = calls.take();
        one.commit();
        assertThat(first.result.get()).isTrue();
        Call both = calls.take();
        assertThat(both.ids()).isEqualTo(List.of("3", "4"));

        third.thread.interrupt(); // within the store: tried again after a pause, in which it is thrown

        assertThatThrownBy(third.result::get).hasCauseInstanceOf(InterruptedException.class);
        Call again = calls.take();
        assertThat(again.ids()).isEqualTo(List.of("4"));
        again.commit();
        assertThat(fourth.result.get()).isTrue();
        two.commit();
        assertThat(second.result.get()).isTrue();
    }

    @Test
    void whoIsInterruptedWhileAnotherWritesIsWrittenOrNotAndHoldsUpNobody() throws Exception {
        new Writer("1");
        new Writer("2");
        Writer third = new Writer("3");
        Writer fourth = new Writer("4");
        Call one = calls.take();
        Call two = calls.take();

        third.thread.interrupt();

        assertThatThrownBy(third.result::get).hasCauseInstanceOf(InterruptedException.class);
        one.commit();
        Call rest = calls.take();
        assertThat(rest.ids()).isEqualTo(List.of("4"));
        rest.commit();
        two.commit();
        assertThat(fourth.result.get()).isTrue();
    }

    /** As when a node stops while its database does not answer: some have gone when it is their turn. */
    @Test
    void whoHasGoneIsNotTheOneThatWritesForTheOthers() throws Exception {
        Writer first = new Writer("1");
        Writer second = new Writer("2");
        Writer third = new Writer("3");
        Writer fourth = new Writer("4");
        Writer fifth = new Writer("5");
        Call one = calls.take();
        Call two = calls.take();
        one.commit();
        assertThat(first.result.get()).isTrue();
        assertThat(calls.take().ids()).isEqualTo(List.of("3", "4", "5"));
        fourth.thread.interrupt();
        assertThatThrownBy(fourth.result::get).hasCauseInstanceOf(InterruptedException.class);

        third.thread.interrupt();

        assertThatThrownBy(third.result::get).hasCauseInstanceOf(InterruptedException.class);
        Call again = calls.take();
        assertThat(again.ids()).isEqualTo(List.of("5"));
        again.commit();
        assertThat(fifth.result.get()).isTrue();
        two.commit();
        assertThat(second.result.get()).isTrue();
    }

    @Test
    void whatTheDatabaseRefusesFailsAlone() throws Exception {
        AtomicInteger alone = new AtomicInteger();
        CountDownLatch bothWait = new CountDownLatch(1);
        Map<String, FutureTask<Boolean>> results = new HashMap<>();
        GroupCommit refusing = new GroupCommit(outcomes -> {
            if (outcomes.size() > 1 || outcomes.get(0).picked().id().equals("bad")) {
                throw new DataIntegrityViolationException("no");
            }
            if (alone.getAndIncrement() < 2) {
                try {
                    bothWait.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return new boolean[] {true};
        });
        for (String id : List.of("1", "2", "bad", "good")) {
            FutureTask<Boolean> result = new FutureTask<>(() -> refusing.write(outcome(id)));
            results.put(id, result);
            Thread thread = new Thread(result, id);
            threads.add(thread);
            thread.start();
            await().until(() -> thread.getState() == Thread.State.WAITING);
        }

        bothWait.countDown();

        assertThat(results.get("good").get()).isTrue();
        assertThatThrownBy(results.get("bad")::get).hasCauseInstanceOf(DataIntegrityViolationException.class);
        assertThat(results.get("1").get()).isTrue();
        assertThat(results.get("2").get()).isTrue();
    }
}
