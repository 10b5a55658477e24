package io.taskmanager.spring.autoconfigure;

import io.taskmanager.HealthCheck;
import io.taskmanager.MetricsCollector;
import io.taskmanager.ResourceFactory;
import io.taskmanager.ResourceHealthCheck;
import io.taskmanager.RetryPolicy;
import io.taskmanager.ScalingPolicy;
import io.taskmanager.TaskDecorator;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.Slf4jLogger;
import io.taskmanager.spring.TaskManagerBuilderFactory;
import io.taskmanager.spring.TaskManagerConfigCustomizer;
import io.taskmanager.spring.TaskManagerFactory;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties.Manager;
import io.taskmanager.spring.context.ContextDecorator;
import io.taskmanager.spring.context.ObservationListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * Creates the managers, each from its properties and the beans that are meant for it, and remembers their configs; begins
 * those of managers that the application creates itself.
 */
final class TaskManagerCreator implements TaskManagerBuilderFactory {

    private static final int VIRTUAL_THREADS_SINCE = 21;

    private final ConfigurableListableBeanFactory beans;
    private final ManagerDirectory managers;
    private final TaskManagerProperties properties;
    private final Environment environment;
    private final BadSettings badSettings;
    private final Map<String, TaskManagerConfig<?>> configs = new ConcurrentHashMap<>();

    TaskManagerCreator(
            ConfigurableListableBeanFactory beans,
            ManagerDirectory managers,
            TaskManagerProperties properties,
            Environment environment) {
        this.beans = beans;
        this.managers = managers;
        this.properties = properties;
        this.environment = environment;
        this.badSettings = new BadSettings(new PropertyValues(environment));
    }

    /** What a manager was created with; empty if it was not created here. */
    Optional<TaskManagerConfig<?>> config(String name) {
        return Optional.ofNullable(configs.get(name));
    }

    /** Creates a manager with the factory bean of that name; {@link CreatedManagers} waits for its start. */
    TaskManager<?, ?> create(ManagerName name, String resourceFactory) {
        ResourceFactory<?> factory = beans.getBean(resourceFactory, ResourceFactory.class);
        return create(name, factory, parts(name, ManagerBeanTypes.resource(beans, resourceFactory)));
    }

    private <R> TaskManager<R, Object> create(ManagerName name, ResourceFactory<R> factory, ManagerBeans parts) {
        TaskManagerConfig.Builder<R> builder = begin(name, factory, parts);
        TaskManagerConfig<R> soFar = checked(name, "", builder::build);
        warnOfRetriesInVain(name, soFar);
        complete(builder, name, soFar, parts);
        TaskManagerConfig<R> config = builder.build();
        TaskManagerFactory managerFactory =
                beans.getBeanProvider(TaskManagerFactory.class).getIfAvailable(() -> TaskManagers::begin);
        TaskManager<R, Object> manager = new RestartableTaskManager<>(() -> managerFactory.create(config));
        configs.put(name.value(), config);
        return manager;
    }

    @Override
    public <R> TaskManagerConfig.Builder<R> builder(String name, ResourceFactory<R> factory) {
        ManagerName manager = new ManagerName(name);
        ManagerBeans parts =
                parts(manager, managers.type(name).as(TaskManager.class).getGeneric(0));
        TaskManagerConfig.Builder<R> builder = begin(manager, factory, parts);
        complete(builder, manager, soFar(builder, manager), parts);
        return builder;
    }

    /** What the properties and the customizers have set, be it complete or not: the application goes on from there. */
    private <R> TaskManagerConfig<R> soFar(TaskManagerConfig.Builder<R> builder, ManagerName name) {
        if (settings(name).hasWorkerCount()) {
            return checked(name, "", builder::build);
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException noWorkerCountYet) {
            TaskManagerConfig<R> soFar = checked(name, "", builder.workerCount(1)::build);
            // No worker count again: one that the builder refuses if no other is set.
            builder.workerCount(0);
            return soFar;
        }
    }

    private void warnOfRetriesInVain(ManagerName name, TaskManagerConfig<?> config) {
        if (settings(name).asksForRetriesInVain(config)) {
            config.logger()
                    .ifPresent(log -> log.warnf(
                            "max-retries is %d, but no task will ever be retried: there is no HealthCheck bean to call an error"
                                    + " unhealthy, and no RetryPolicy. Declare one, such as %s, or leave max-retries out.",
                            config.maxRetries(), name.beanName(HealthCheck.class)));
        }
    }

    private ManagerBeans parts(ManagerName name, ResolvableType resource) {
        return new ManagerBeans(beans, managers.names(), name, resource);
    }

    private <R> TaskManagerConfig.Builder<R> begin(ManagerName name, ResourceFactory<R> factory, ManagerBeans parts) {
        TaskManagerConfig.Builder<R> builder = TaskManagerConfig.builder(factory);
        builder.logger(Slf4jLogger.forManager(name.value()));
        threadFactory(name).ifPresent(builder::threadFactory);
        ManagerSettings settings = settings(name);
        settings.applyTo(builder);
        builder.retryBackoff(checked(name, "retry-backoff.", settings::retryBackoff));
        builder.creationBackoff(checked(name, "creation-backoff.", settings::creationBackoff));
        healthChecks(parts, builder);
        parts.find(RetryPolicy.class).ifPresent(builder::retryPolicy);
        parts.find(MetricsCollector.class).ifPresent(builder::collector);
        parts.find(ScalingPolicy.class).ifPresent(builder::scalingPolicy);
        beans.getBeanProvider(TaskManagerConfigCustomizer.class)
                .orderedStream()
                .forEach(customizer -> customizer.customize(name.value(), builder));
        return builder.name(name.value());
    }

    /** Adds what goes with the decorator and the listener that a customizer may have set. */
    private void complete(
            TaskManagerConfig.Builder<?> builder, ManagerName name, TaskManagerConfig<?> soFar, ManagerBeans parts) {
        ManagerSettings settings = settings(name);
        builder.taskDecorator(decorator(name, settings, soFar, parts));
        builder.listener(listener(settings.isObserved(), soFar, parts));
    }

    private ManagerSettings settings(ManagerName name) {
        Manager own = Objects.requireNonNullElseGet(properties.getManagers().get(name.value()), Manager::new);
        return new ManagerSettings(properties.getDefaults(), own);
    }

    private <T> T checked(ManagerName name, String group, Supplier<T> checking) {
        try {
            return checking.get();
        } catch (IllegalArgumentException refusal) {
            throw badSettings.failure(name, group, refusal);
        }
    }

    /**
     * The manager's own check goes before one for all. Where one of errors and one of resources are on a level, the config
     * has both, and asks the one of resources.
     */
    @SuppressWarnings("unchecked") // Its type was looked at; a bean that does not tell its type is taken at its word.
    private static <R> void healthChecks(ManagerBeans parts, TaskManagerConfig.Builder<R> builder) {
        boolean ownOfErrors = parts.hasOwn(HealthCheck.class);
        boolean ownOfResources = parts.hasOwn(ResourceHealthCheck.class);
        if (ownOfErrors || !ownOfResources) {
            parts.find(HealthCheck.class).ifPresent(builder::healthCheck);
        }
        if (ownOfResources || !ownOfErrors) {
            parts.find(ResourceHealthCheck.class)
                    .ifPresent(check -> builder.resourceHealthCheck((ResourceHealthCheck<? super R>) check));
        }
    }

    /** The context outermost, so that decorators of the application have it too; then those, and the config's own. */
    private TaskDecorator decorator(
            ManagerName name, ManagerSettings settings, TaskManagerConfig<?> config, ManagerBeans parts) {
        List<TaskDecorator> all = new ArrayList<>(parts.ordered(TaskDecorator.class));
        config.taskDecorator().ifPresent(all::add);
        return ContextDecorator.of(
                name.value(), settings.propagatesContext(), settings.isObserved(), new CompositeDecorator(all), beans);
    }

    /** That of observations, that which a customizer set, and the listener beans, which the starter has some of too. */
    private TaskManagerListener listener(boolean observed, TaskManagerConfig<?> config, ManagerBeans parts) {
        List<TaskManagerListener> all = new ArrayList<>();
        if (observed) {
            all.add(new ObservationListener());
        }
        config.listener().ifPresent(all::add);
        all.addAll(parts.ordered(TaskManagerListener.class));
        return new CompositeListener(all);
    }

    /** Virtual threads where the application asks for them and Java has them. */
    private Optional<ThreadFactory> threadFactory(ManagerName name) {
        boolean virtual = environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false);
        return virtual && Runtime.version().feature() >= VIRTUAL_THREADS_SINCE
                ? Optional.of(new VirtualThreadTaskExecutor(name.value() + "-worker-").getVirtualThreadFactory())
                : Optional.empty();
    }
}
