package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThreadFactoriesTest {

    private static final InheritableThreadLocal<String> USER = new InheritableThreadLocal<>();

    static Stream<Named<Function<String, ThreadFactory>>> factories() {
        Stream<Named<Function<String, ThreadFactory>>> platform = Stream.of(
                Named.of("numbered", Threads::numbered),
                Named.of("daemon", Threads::daemon),
                Named.of("numbered daemon", Threads::numberedDaemon));
        return Threads.CAN_BE_VIRTUAL
                ? Stream.concat(platform, Stream.of(Named.of("virtual", Threads::virtual)))
                : platform;
    }

    @ParameterizedTest
    @MethodSource("factories")
    void a_thread_takes_after_the_maker_of_the_factory_and_nobody_else(Function<String, ThreadFactory> kind)
            throws Exception {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        ThreadFactory factory = kind.apply("made");
        CompletableFuture<Object> loader = new CompletableFuture<>();
        CompletableFuture<Object> user = new CompletableFuture<>();
        CompletableFuture<Thread> made = new CompletableFuture<>();
        try (URLClassLoader others = new URLClassLoader(new URL[0])) {
            Thread submitter = new Thread(new ThreadGroup("others"), () -> {
                USER.set("alice");
                Thread.currentThread().setContextClassLoader(others);
                Thread.currentThread().setPriority(Thread.MAX_PRIORITY);
                made.complete(factory.newThread(() -> {
                    user.complete(USER.get());
                    loader.complete(Thread.currentThread().getContextClassLoader());
                }));
            });
            submitter.start();
            submitter.join();
        }
        Thread thread = made.join();
        assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
        if (!thread.getThreadGroup().getName().equals("VirtualThreads")) {
            assertThat(thread.getThreadGroup()).isSameAs(group);
        }
        thread.start();
        thread.join();

        assertThat(user.join()).isNull();
        assertThat(loader.join()).isSameAs(Thread.currentThread().getContextClassLoader());
    }
}
