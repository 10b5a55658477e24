package io.taskmanager.durable.engine;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What a task carries from where it was queued to where it runs: the log context, and the trace, as a message would. Whoever traces
 * has handlers for these two kinds of context in the registry; without them no header is written.
 */
public final class Submission {

    /** The observation of a queuing. */
    static final String ENQUEUE = "taskmanager.durable.enqueue";

    /** The observation of a run. */
    static final String RUN = "taskmanager.durable.run";

    private final ObservationRegistry registry;

    public Submission(ObservationRegistry registry) {
        this.registry = registry;
    }

    static @Nullable Map<String, String> log() {
        return MDC.getCopyOfContextMap();
    }

    /** Queues within an observation; is given the headers to keep with each task. */
    <T> T enqueue(String type, int tasks, Function<@Nullable Map<String, String>, T> call) {
        if (registry.isNoop()) {
            return call.apply(null);
        }
        Map<String, String> headers = new HashMap<>();
        SenderContext<Map<String, String>> context = new SenderContext<>(
                (carrier, key, value) -> {
                    if (carrier != null) {
                        carrier.put(key, value);
                    }
                },
                Kind.PRODUCER);
        context.setCarrier(headers);
        Observation observation = Observation.createNotStarted(ENQUEUE, () -> context, registry)
                .contextualName("enqueue " + type)
                .lowCardinalityKeyValue("type", type)
                .highCardinalityKeyValue("tasks", Integer.toString(tasks));
        return observation.observe(() -> call.apply(headers));
    }

    /** A handler's call. */
    interface Call<T extends @Nullable Object> {
        T run() throws Exception;
    }

    /** Runs a task with the log context that it was queued with, and as a part of that trace. */
    <T extends @Nullable Object> T run(String type, TaskData.Header header, Call<T> call) throws Exception {
        Map<String, String> before = header.log() == null ? null : MDC.getCopyOfContextMap();
        try {
            if (header.log() != null) {
                header.log().forEach(MDC::put);
            }
            return registry.isNoop() ? call.run() : observed(type, header, call);
        } finally {
            if (header.log() != null) {
                restore(before);
            }
        }
    }

    private static void restore(@Nullable Map<String, String> before) {
        if (before == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(before);
        }
    }

    private <T extends @Nullable Object> T observed(String type, TaskData.Header header, Call<T> call)
            throws Exception {
        ReceiverContext<Map<String, String>> context =
                new ReceiverContext<>((carrier, key) -> carrier.get(key), Kind.CONSUMER);
        context.setCarrier(header.trace() == null ? Map.of() : header.trace());
        return Observation.createNotStarted(RUN, () -> context, registry)
                .contextualName("run " + type)
                .lowCardinalityKeyValue("type", type)
                .observeChecked(call::run);
    }
}
