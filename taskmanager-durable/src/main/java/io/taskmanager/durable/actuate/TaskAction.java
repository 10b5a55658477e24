package io.taskmanager.durable.actuate;

import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.TaskId;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a write asks of a task. */
enum TaskAction {
    REDRIVE("DEAD_LETTER, LOST or FAILED", DurableTaskClient::redrive),
    CANCEL("QUEUED", DurableTaskClient::cancel);

    private final String from;
    private final BiPredicate<DurableTaskClient, TaskId> call;

    TaskAction(String from, BiPredicate<DurableTaskClient, TaskId> call) {
        this.from = from;
        this.call = call;
    }

    /** @throws IllegalArgumentException naming what is allowed */
    static TaskAction of(@Nullable String text) {
        String allowed = Arrays.stream(values()).map(TaskAction::toString).collect(Collectors.joining(" or "));
        if (text == null) {
            throw new IllegalArgumentException("action is missing; it must be " + allowed);
        }
        return Arrays.stream(values())
                .filter(action -> action.toString().equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("action must be " + allowed + ", but was '" + text + "'"));
    }

    /** Whether it was so. */
    boolean applyTo(DurableTaskClient client, TaskId task) {
        return call.test(client, task);
    }

    /** The states that it is for. */
    String from() {
        return from;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
