package io.taskmanager.spring.context;

import io.taskmanager.spring.context.ContextCapture.Scope;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The SLF4J log context of a submitter, with the names of the manager and the task added. */
final class LogContext {

    static final String MANAGER = "taskmanager";
    static final String TASK = "task";

    /** A copy of our own, to which the names are added before it is set. Null for none. */
    private final @Nullable Map<String, String> captured;

    private final String managerName;

    private LogContext(@Nullable Map<String, String> captured, String managerName) {
        this.captured = captured;
        this.managerName = managerName;
    }

    /** Captures the log context of the current thread: this itself, if there is none. */
    LogContext capture() {
        Map<String, String> entries = MDC.getCopyOfContextMap();
        if (entries == null || entries.isEmpty()) {
            return this;
        }
        // Most adapters give a copy of this kind; another may not be written to.
        return new LogContext(entries instanceof HashMap ? entries : new HashMap<>(entries), managerName);
    }

    /** The names alone, to be {@linkplain #add added} where the submitter's log context is. */
    static LogContext none(String managerName) {
        return new LogContext(null, managerName);
    }

    /** Sets it on the current thread, until what is returned is closed. One thread at a time. */
    Scope set(@Nullable String taskName) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        Map<String, String> entries = captured == null ? new HashMap<>() : captured;
        entries.put(MANAGER, managerName);
        if (taskName != null) {
            entries.put(TASK, taskName);
        }
        MDC.setContextMap(entries);
        return () -> replace(before);
    }

    /** Adds the names to the log context that the current thread has: the submitter's, if it is the submitter. */
    Scope add(String taskName) {
        String managerBefore = MDC.get(MANAGER);
        String taskBefore = MDC.get(TASK);
        MDC.put(MANAGER, managerName);
        MDC.put(TASK, taskName);
        return () -> {
            putBack(MANAGER, managerBefore);
            putBack(TASK, taskBefore);
        };
    }

    private static void putBack(String key, @Nullable String value) {
        if (value == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, value);
        }
    }

    private static void replace(@Nullable Map<String, String> entries) {
        if (entries == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(entries);
        }
    }
}
