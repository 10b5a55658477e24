package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.taskmanager.Logger;
import io.taskmanager.testkit.JdkLog;
import java.time.Duration;
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

    @Test
    void a_logger_that_has_no_memory_is_not_passed_on_either() {
        Guard full = new Guard(new NoRoom());
        Error error = new AssertionError("boom");

        assertThatCode(() -> {
                    full.run("the callback", () -> {
                        throw error;
                    });
                    full.report("the callback", error);
                    full.stuck("task", Thread.currentThread(), Duration.ofSeconds(1));
                    int value = full.get(
                            "the policy",
                            () -> {
                                throw error;
                            },
                            7);
                    assertThat(value).isEqualTo(7);
                })
                .doesNotThrowAnyException();
    }

    /** A logger of the engine throws nothing, but for what the JVM throws in it. */
    private static final class NoRoom implements Logger {
        @Override
        public void debugf(String format, Object... args) {}

        @Override
        public void infof(String format, Object... args) {}

        @Override
        public void warnf(String format, Object... args) {}

        @Override
        public void errorf(String format, Object... args) {
            throw new OutOfMemoryError("test");
        }
    }

    @Test
    void nor_is_a_log_of_the_jdk_that_has_none() throws Exception {
        try (JdkLog full = JdkLog.throwing("io.taskmanager", new OutOfMemoryError("test"))) {
            assertThatCode(() -> new GuardedLogger(new NoRoom()).errorf("x")).doesNotThrowAnyException();

            assertThat(full.lines()).containsExactly("SEVERE the manager's logger threw");
        }
    }
}
