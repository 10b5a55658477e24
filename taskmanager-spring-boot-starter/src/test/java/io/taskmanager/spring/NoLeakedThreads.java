package io.taskmanager.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a manager's thread behind. The managers of such a test are called images or catalog. */
public final class NoLeakedThreads implements BeforeEachCallback, AfterEachCallback {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(NoLeakedThreads.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put("before", Set.copyOf(managerThreads()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Set<?> before = Objects.requireNonNull(context.getStore(NAMESPACE).get("before", Set.class));
        await("threads of managers to end")
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(managerThreads()).allMatch(before::contains));
    }

    private static List<Thread> managerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("(images|catalog|taskmanager)-.*"))
                .toList();
    }
}
