package io.taskmanager.spring.context;

import io.taskmanager.spring.context.ContextCapture.Scope;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The SLF4J log context of a submitter, with the names of the manager and the task added. */
final class LogContext {

    static final String MANAGER = "taskmanager";
    static final String TASK = "task";

    private final @Nullable Map<String, String> captured = MDC.getCopyOfContextMap();
    private final String managerName;

    /** Captures the log context of the current thread. */
    LogContext(String managerName) {
        this.managerName = managerName;
    }

    /** Sets it on the current thread, until what is returned is closed. */
    Scope set(@Nullable String taskName) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        replace(captured);
        MDC.put(MANAGER, managerName);
        if (taskName != null) {
            MDC.put(TASK, taskName);
        }
        return () -> replace(before);
    }

    private static void replace(@Nullable Map<String, String> entries) {
        if (entries == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(entries);
        }
    }
}
