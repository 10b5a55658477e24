package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InterruptHookTest {

    private final AtomicReference<Thread> toldBy = new AtomicReference<>();
    private final InterruptHook hook = new InterruptHook(() -> toldBy.set(Thread.currentThread()));

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    @Test
    void the_interrupting_thread_runs_the_action() {
        hook.place();
        Thread interrupter = interrupt();
        assertThat(toldBy.get()).isSameAs(interrupter);
        hook.remove();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void an_interrupt_that_nobody_noticed_yet_runs_it_when_the_hook_is_placed() {
        Thread.currentThread().interrupt();
        hook.place();
        assertThat(toldBy.get()).isSameAs(Thread.currentThread());
        hook.remove();
    }

    @Test
    void a_thread_that_interrupts_itself_runs_nothing() {
        hook.place();
        Thread.currentThread().interrupt();
        hook.remove();
        assertThat(toldBy.get()).isNull();
    }

    @Test
    void nothing_runs_after_it_was_removed() {
        hook.place();
        hook.remove();
        interrupt();
        assertThat(toldBy.get()).isNull();
    }

    @Test
    void an_interrupt_for_an_end_of_the_engines_own_runs_nothing() {
        hook.place();
        interrupt(InterruptHook::interruptUnheard);
        assertThat(toldBy.get()).isNull();
        hook.remove();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void another_hook_takes_its_place_until_it_is_placed_again() {
        hook.place();
        InterruptHook other = new InterruptHook(() -> {});
        other.place();
        other.remove();
        hook.place();
        Thread interrupter = interrupt();
        assertThat(toldBy.get()).isSameAs(interrupter);
        hook.remove();
    }

    /** Interrupts this thread from another, and waits until that has ended. */
    private static Thread interrupt() {
        return interrupt(Thread::interrupt);
    }

    private static Thread interrupt(Consumer<Thread> how) {
        Thread current = Thread.currentThread();
        Thread interrupter = new Thread(() -> how.accept(current), "interrupter");
        interrupter.start();
        while (interrupter.isAlive()) {
            Thread.onSpinWait(); // not join, which the interrupt would end
        }
        return interrupter;
    }
}
