package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswersTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Answers answers = new Answers("answers");

    @AfterEach
    void close() {
        answers.close(LONG);
    }

    @Test
    void answers_may_wait_for_one_another() {
        CountDownLatch all = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            answers.execute(() -> {
                all.countDown();
                Waits.uninterruptibly(LONG, all::await);
            });
        }

        assertThat(answers.close(LONG)).isTrue();
        assertThat(all.getCount()).isZero();
    }

    @Test
    void the_end_does_not_wait_for_ever() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        answers.execute(() -> Waits.uninterruptibly(LONG, held::await));

        assertThat(answers.close(Duration.ZERO)).isFalse();
        held.countDown();
        assertThat(held.await(0, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void an_answer_that_ends_all_does_not_wait_for_itself() {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();

        answers.execute(() -> closed.complete(answers.close(LONG)));

        assertThat(closed.join()).isTrue();
    }

    @Test
    void an_answer_after_the_end_is_handed_out_here() {
        answers.close(LONG);
        CompletableFuture<Thread> handedOutBy = new CompletableFuture<>();

        answers.execute(() -> handedOutBy.complete(Thread.currentThread()));

        assertThat(handedOutBy.join()).isSameAs(Thread.currentThread());
    }
}
