package io.taskmanager.durable.engine;

import io.taskmanager.durable.TaskHandler;
import io.taskmanager.durable.TaskType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.ResolvableType;

/** This node's handlers, by type and by the manager that they name. */
public final class Handlers {

    private final Map<String, Handler<?, ?, ?>> byType = new LinkedHashMap<>();

    /**
     * A handler, and what it has said at the start.
     *
     * @param bean the name of the handler's bean
     */
    public record Handler<P, R, E extends @Nullable Object>(
            String bean, TaskHandler<P, R, E> handler, TaskType<P, E> type, String manager) {

        private static <P, R, E extends @Nullable Object> Handler<P, R, E> of(
                String bean, TaskHandler<P, R, E> handler) {
            return new Handler<>(bean, handler, handler.type(), handler.manager());
        }
    }

    /**
     * All handler beans.
     *
     * @throws SetupException as the constructor
     */
    public static Handlers of(ListableBeanFactory beans, Set<String> managers, Json json) {
        Map<String, TaskHandler<?, ?, ?>> handlers = new LinkedHashMap<>();
        for (String name : beans.getBeanNamesForType(ResolvableType.forClass(TaskHandler.class))) {
            handlers.put(name, (TaskHandler<?, ?, ?>) beans.getBean(name));
        }
        return new Handlers(handlers, managers, json);
    }

    /**
     * @param handlers by the names of their beans
     * @param managers those that there are
     * @param json what their payloads and results are written and read by
     * @throws SetupException if two handle one type, or one names a manager that is not there, or a class that JSON can't be made of
     */
    public Handlers(Map<String, ? extends TaskHandler<?, ?, ?>> handlers, Set<String> managers, Json json) {
        handlers.forEach((bean, handler) -> add(Handler.of(bean, handler), managers, json));
    }

    private void add(Handler<?, ?, ?> handler, Set<String> managers, Json json) {
        String described = "The task handler \"" + handler.bean + "\" ("
                + handler.handler.getClass().getName() + ")";
        if (handler.type == null) {
            throw new SetupException(described + " has no type.", "Let its type() return one.");
        }
        if (handler.manager == null || handler.manager.isBlank()) {
            throw new SetupException(
                    described + " names no manager.",
                    managers.isEmpty()
                            ? "Configure one under taskmanager.managers, and let its manager() return the name of that."
                            : "Let its manager() return one of " + managers + ".");
        }
        if (!managers.contains(handler.manager)) {
            throw new SetupException(
                    described + " names the manager \"" + handler.manager + "\", and there is none of that name.",
                    managers.isEmpty()
                            ? "Configure it under taskmanager.managers."
                            : "Let its manager() return one of " + managers
                                    + ", or configure another under taskmanager.managers.");
        }
        Handler<?, ?, ?> other = byType.putIfAbsent(handler.type.name(), handler);
        if (other != null) {
            throw new SetupException(
                    described + " and \"" + other.bean + "\" ("
                            + other.handler.getClass().getName() + ") both handle tasks of type \""
                            + handler.type.name() + "\".",
                    "Give each type a name of its own, and each type one handler.");
        }
        json.check(described, handler.type);
    }

    public boolean isEmpty() {
        return byType.isEmpty();
    }

    /** The names of the types that this node handles. */
    public Set<String> types() {
        return Collections.unmodifiableSet(byType.keySet());
    }

    public Optional<Handler<?, ?, ?>> find(String type) {
        return Optional.ofNullable(byType.get(type));
    }

    Map<String, List<Handler<?, ?, ?>>> byManager() {
        Map<String, List<Handler<?, ?, ?>>> byManager = new LinkedHashMap<>();
        byType.values()
                .forEach(handler -> byManager
                        .computeIfAbsent(handler.manager, name -> new ArrayList<>())
                        .add(handler));
        return byManager;
    }
}
