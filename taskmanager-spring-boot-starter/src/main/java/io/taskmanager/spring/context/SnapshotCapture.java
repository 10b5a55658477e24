package io.taskmanager.spring.context;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Map;

/**
 * Captures what Micrometer's context propagation knows of: trace, security context, and what the application registered; but
 * not the log context, which {@link LogContext} carries.
 */
final class SnapshotCapture implements ContextCapture {

    /** As {@code Slf4jThreadLocalAccessor.KEY}, a class that older versions don't have. */
    static final String LOG_CONTEXT = "cp.slf4j";

    private final ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder()
            .captureKeyPredicate(key -> !key.equals(LOG_CONTEXT))
            .build();

    @Override
    public Captured capture() {
        ContextSnapshot snapshot = snapshots.captureAll();
        if (snapshot instanceof Map<?, ?> values && values.isEmpty()) { // as Micrometer makes them
            return ContextDecorator.NOTHING;
        }
        return () -> {
            ContextSnapshot.Scope scope = snapshot.setThreadLocals();
            return scope::close;
        };
    }
}
