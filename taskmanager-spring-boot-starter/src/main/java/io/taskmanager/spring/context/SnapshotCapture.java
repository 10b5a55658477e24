package io.taskmanager.spring.context;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;

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
        if (!hasValues()) {
            return ContextDecorator.NOTHING;
        }
        ContextSnapshot snapshot = snapshots.captureAll();
        return () -> {
            ContextSnapshot.Scope scope = snapshot.setThreadLocals();
            return scope::close;
        };
    }

    /** Whether there is something to carry: most threads have nothing, and asking costs less than a snapshot of that. */
    private static boolean hasValues() {
        for (ThreadLocalAccessor<?> accessor : ContextRegistry.getInstance().getThreadLocalAccessors()) {
            if (!accessor.key().equals(LOG_CONTEXT) && accessor.getValue() != null) {
                return true;
            }
        }
        return false;
    }
}
