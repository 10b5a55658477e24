package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ThreadsTest {

    @Test
    void an_action_runs_on_a_thread_of_its_own() {
        CompletableFuture<Thread> ranOn = new CompletableFuture<>();

        Threads.run(Threads.daemon("own"), () -> ranOn.complete(Thread.currentThread()));

        assertThat(ranOn.join().getName()).isEqualTo("own");
    }

    @Test
    void an_action_runs_here_where_no_thread_can_be_had() {
        CompletableFuture<Thread> ranOn = new CompletableFuture<>();

        Threads.run(
                action -> new Thread(action) {
                    @Override
                    public void start() {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                },
                () -> ranOn.complete(Thread.currentThread()));

        assertThat(ranOn.join()).isSameAs(Thread.currentThread());
    }
}
