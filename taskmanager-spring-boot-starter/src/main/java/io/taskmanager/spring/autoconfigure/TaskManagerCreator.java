package io.taskmanager.spring.autoconfigure;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.Slf4jLogger;
import io.taskmanager.spring.TaskManagerConfigCustomizer;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties.Manager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.env.Environment;

/** Creates the managers, each from its properties and the beans that are meant for it, and remembers their configs. */
final class TaskManagerCreator {

    private final ListableBeanFactory beans;
    private final TaskManagerProperties properties;
    private final BadSettings badSettings;
    private final Map<String, TaskManagerConfig<?>> configs = new ConcurrentHashMap<>();

    TaskManagerCreator(ListableBeanFactory beans, TaskManagerProperties properties, Environment environment) {
        this.beans = beans;
        this.properties = properties;
        this.badSettings = new BadSettings(environment);
    }

    /** What a manager was created with; empty if it was not created here. */
    Optional<TaskManagerConfig<?>> config(String name) {
        return Optional.ofNullable(configs.get(name));
    }

    /** Creates a manager with the factory bean of that name. */
    TaskManager<?, ?> create(ManagerName name, String resourceFactory) {
        ResourceFactory<?> factory = beans.getBean(resourceFactory, ResourceFactory.class);
        return create(name, factory);
    }

    private <R> TaskManager<R, Object> create(ManagerName name, ResourceFactory<R> factory) {
        TaskManagerConfig<R> config = config(name, factory);
        TaskManager<R, Object> manager = TaskManagers.create(config);
        configs.put(name.value(), config);
        return manager;
    }

    private <R> TaskManagerConfig<R> config(ManagerName name, ResourceFactory<R> factory) {
        TaskManagerConfig.Builder<R> builder = TaskManagerConfig.builder(factory);
        builder.logger(Slf4jLogger.forManager(name.value()));
        applyProperties(name, builder);
        healthCheck(name).ifPresent(builder::healthCheck);
        beans.getBeanProvider(TaskManagerConfigCustomizer.class)
                .orderedStream()
                .forEach(customizer -> customizer.customize(name.value(), builder));
        builder.name(name.value());
        TaskManagerConfig<R> config = checked(name, "", builder::build);
        listener(config).ifPresent(builder::listener);
        return builder.build();
    }

    private void applyProperties(ManagerName name, TaskManagerConfig.Builder<?> builder) {
        Manager own = Objects.requireNonNullElseGet(properties.getManagers().get(name.value()), Manager::new);
        ManagerSettings settings = new ManagerSettings(properties.getDefaults(), own);
        settings.applyTo(builder);
        builder.retryBackoff(checked(name, "retry-backoff.", settings::retryBackoff));
    }

    private <T> T checked(ManagerName name, String group, Supplier<T> checking) {
        try {
            return checking.get();
        } catch (IllegalArgumentException refusal) {
            throw badSettings.failure(name, group, refusal);
        }
    }

    /** The check named after the manager, else the only one there is, unless that is named after another manager. */
    private Optional<HealthCheck> healthCheck(ManagerName name) {
        if (beans.containsBean(name.healthCheckName())) {
            return Optional.of(beans.getBean(name.healthCheckName(), HealthCheck.class));
        }
        List<String> ofOthers = properties.getManagers().keySet().stream()
                .map(other -> new ManagerName(other).healthCheckName())
                .toList();
        List<String> shared = Arrays.stream(beans.getBeanNamesForType(HealthCheck.class))
                .filter(check -> !ofOthers.contains(check))
                .toList();
        return shared.size() == 1 ? Optional.of(beans.getBean(shared.get(0), HealthCheck.class)) : Optional.empty();
    }

    /** The listener that a customizer set, and every listener bean. */
    private Optional<TaskManagerListener> listener(TaskManagerConfig<?> config) {
        List<TaskManagerListener> all = new ArrayList<>();
        config.listener().ifPresent(all::add);
        beans.getBeanProvider(TaskManagerListener.class).orderedStream().forEach(all::add);
        return switch (all.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(all.get(0));
            default -> Optional.of(new CompositeListener(List.copyOf(all)));
        };
    }
}
