package io.taskmanager.spring.actuate;

import io.taskmanager.TaskManagerControl;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a write asks of a manager, read from its JSON; nothing in it is ignored or guessed.
 *
 * @param values the numbers that the action takes, by the name that they have in the JSON
 */
record ControlRequest(Action action, Map<String, Integer> values) {

    private static final String WORKER_COUNT = "workerCount";
    private static final String MAX_WORKER_COUNT = "maxWorkerCount";

    enum Action {
        PAUSE,
        RESUME,
        RESIZE,
        RECYCLE,
        PROBE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException naming what is wrong, its value and what is allowed */
    static ControlRequest of(@Nullable String action, @Nullable String workerCount, @Nullable String maxWorkerCount) {
        Action what = action(action);
        Map<String, Integer> values = new LinkedHashMap<>();
        if (what == Action.RESIZE) {
            values.put(WORKER_COUNT, number(WORKER_COUNT, workerCount));
            values.put(MAX_WORKER_COUNT, number(MAX_WORKER_COUNT, maxWorkerCount));
        } else {
            refuse(WORKER_COUNT, workerCount, what);
            refuse(MAX_WORKER_COUNT, maxWorkerCount, what);
        }
        return new ControlRequest(what, values);
    }

    /** @throws IllegalArgumentException if the numbers can't be; see {@link TaskManagerControl#resize} */
    void applyTo(TaskManagerControl control) {
        switch (action) {
            case PAUSE -> control.pause();
            case RESUME -> control.resume();
            case RESIZE -> control.resize(value(WORKER_COUNT), value(MAX_WORKER_COUNT));
            case RECYCLE -> control.recycle();
            case PROBE -> control.probe();
        }
    }

    private int value(String name) {
        return values.getOrDefault(name, 0);
    }

    private static Action action(@Nullable String text) {
        String allowed = Arrays.stream(Action.values()).map(Action::toString).collect(Collectors.joining(", "));
        if (text == null) {
            throw new IllegalArgumentException("action is missing; it must be one of " + allowed);
        }
        return Arrays.stream(Action.values())
                .filter(action -> action.toString().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("action must be one of " + allowed + ", but was '" + text + "'"));
    }

    private static int number(String name, @Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing; resize takes " + WORKER_COUNT + " and "
                    + MAX_WORKER_COUNT + ", both whole numbers from 1");
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number from 1, but was '" + text + "'", e);
        }
    }

    private static void refuse(String name, @Nullable String text, Action action) {
        if (text != null) {
            throw new IllegalArgumentException(name + " must be left out, since only resize takes it and the action is "
                    + action + ", but was '" + text + "'");
        }
    }
}
