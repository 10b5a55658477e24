package io.taskmanager.durable.engine;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The names of the tables.
 *
 * @param prefix may name a schema, as in {@code jobs.taskmanager_}
 */
public record Tables(String prefix) {

    private static final Pattern PREFIX = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

    /** @throws SetupException if it can't be a part of a table's name */
    public Tables {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new SetupException(
                    "taskmanager.durable.table-prefix must be a name of letters, digits and underscores, after one of a schema and"
                            + " a dot if need be, but was \"" + prefix + "\".",
                    "Correct that setting; the default is taskmanager_.");
        }
    }

    /** Tasks that wait or run. db-scheduler's, with a column of ours. */
    String queue() {
        return prefix + "queue";
    }

    /** Tasks that have ended. */
    String history() {
        return prefix + "history";
    }

    /** Which task has an idempotency key. */
    String keys() {
        return prefix + "keys";
    }

    /** When the recurring tasks are due. db-scheduler's. */
    String recurring() {
        return prefix + "recurring";
    }

    List<String> all() {
        return List.of(queue(), history(), keys(), recurring());
    }
}
