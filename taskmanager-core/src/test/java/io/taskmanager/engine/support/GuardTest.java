package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.taskmanager.Logger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardTest {

    private final List<String> errors = new ArrayList<>();
    private final Guard guard = new Guard(new Logger() {
        @Override
        public void debugf(String format, Object... args) {}

        @Override
        public void infof(String format, Object... args) {}

        @Override
        public void warnf(String format, Object... args) {}

        @Override
        public void errorf(String format, Object... args) {
            errors.add(String.format(format, args));
        }
    });

    @Test
    void a_throw_is_logged_once_and_goes_no_further() {
        guard.run("the callback", () -> {
            throw new AssertionError("boom");
        });

        assertThat(errors).containsExactly("the callback threw java.lang.AssertionError: boom");
    }

    @Test
    void a_throw_gives_the_fallback() {
        int value = guard.get(
                "the policy",
                () -> {
                    throw new IllegalStateException("boom");
                },
                7);

        assertThat(value).isEqualTo(7);
    }

    @Test
    void a_throw_that_there_is_no_memory_to_log_goes_no_further() {
        boolean[] asked = {false};
        Guard full = new Guard(new Logger() {
            @Override
            public void debugf(String format, Object... args) {}

            @Override
            public void infof(String format, Object... args) {}

            @Override
            public void warnf(String format, Object... args) {}

            @Override
            public void errorf(String format, Object... args) {
                asked[0] = true;
                throw new OutOfMemoryError("made up");
            }
        });

        assertThatCode(() -> full.run("the callback", () -> {
                    throw new AssertionError("boom");
                }))
                .doesNotThrowAnyException();

        assertThat(asked[0]).isTrue();
    }

    @Test
    void an_interrupt_that_user_code_answered_is_kept() {
        guard.run("destroying", () -> {
            throw new InterruptedException();
        });

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_logger_that_throws_is_not_passed_on() {
        Logger broken = new GuardedLogger(new Logger() {
            @Override
            public void debugf(String format, Object... args) {
                throw new IllegalStateException("boom");
            }

            @Override
            public void infof(String format, Object... args) {
                throw new IllegalStateException("boom");
            }

            @Override
            public void warnf(String format, Object... args) {
                throw new IllegalStateException("boom");
            }

            @Override
            public void errorf(String format, Object... args) {
                throw new IllegalStateException("boom");
            }

            @Override
            public boolean isDebugEnabled() {
                throw new IllegalStateException("boom");
            }
        });

        broken.debugf("x");
        broken.infof("x");
        broken.warnf("x");
        broken.errorf("x");

        assertThat(broken.isDebugEnabled()).isFalse();
    }
}
