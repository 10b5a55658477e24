package io.taskmanager.spring.autoconfigure;

import io.taskmanager.HealthCheck;
import io.taskmanager.MetricsCollector;
import io.taskmanager.ResourceFactory;
import io.taskmanager.ScalingPolicy;
import io.taskmanager.TaskDecorator;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.Slf4jLogger;
import io.taskmanager.spring.TaskManagerConfigCustomizer;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties.Manager;
import io.taskmanager.spring.context.ContextDecorator;
import io.taskmanager.spring.context.ObservationListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/** Creates the managers, each from its properties and the beans that are meant for it, and remembers their configs. */
final class TaskManagerCreator {

    private static final int VIRTUAL_THREADS_SINCE = 21;

    private final ConfigurableListableBeanFactory beans;
    private final TaskManagerProperties properties;
    private final Environment environment;
    private final ApplicationEventPublisher publisher;
    private final BadSettings badSettings;
    private final Map<String, TaskManagerConfig<?>> configs = new ConcurrentHashMap<>();

    TaskManagerCreator(
            ConfigurableListableBeanFactory beans,
            TaskManagerProperties properties,
            Environment environment,
            ApplicationEventPublisher publisher) {
        this.beans = beans;
        this.properties = properties;
        this.environment = environment;
        this.publisher = publisher;
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
        TaskManager<R, Object> manager =
                properties.isSynchronous() ? TaskManagers.createSynchronous(config) : TaskManagers.create(config);
        configs.put(name.value(), config);
        return manager;
    }

    private <R> TaskManagerConfig<R> config(ManagerName name, ResourceFactory<R> factory) {
        TaskManagerConfig.Builder<R> builder = TaskManagerConfig.builder(factory);
        builder.logger(Slf4jLogger.forManager(name.value()));
        threadFactory(name).ifPresent(builder::threadFactory);
        ManagerSettings settings = settings(name);
        settings.applyTo(builder);
        builder.retryBackoff(checked(name, "retry-backoff.", settings::retryBackoff));
        builder.creationBackoff(checked(name, "creation-backoff.", settings::creationBackoff));
        bean(name, HealthCheck.class).ifPresent(builder::healthCheck);
        bean(name, MetricsCollector.class).ifPresent(builder::collector);
        bean(name, ScalingPolicy.class).ifPresent(builder::scalingPolicy);
        beans.getBeanProvider(TaskManagerConfigCustomizer.class)
                .orderedStream()
                .forEach(customizer -> customizer.customize(name.value(), builder));
        builder.name(name.value());
        TaskManagerConfig<R> config = checked(name, "", builder::build);
        boolean observed = settings.isObserved();
        builder.taskDecorator(decorator(name, observed, config));
        builder.listener(listener(name, observed, config));
        return builder.build();
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
     * The bean named after the manager, such as {@code imagesHealthCheck}, else the one that is named after no manager: of
     * several, the primary one.
     */
    private <T> Optional<T> bean(ManagerName name, Class<T> type) {
        String own = name.beanName(type);
        if (beans.containsBean(own)) {
            return Optional.of(beans.getBean(own, type));
        }
        List<String> shared = shared(type);
        if (shared.size() > 1) {
            List<String> primary = shared.stream().filter(this::isPrimary).toList();
            if (primary.size() != 1) {
                throw ambiguous(name, type, shared);
            }
            shared = primary;
        }
        return shared.stream().findFirst().map(only -> beans.getBean(only, type));
    }

    /** The beans of that type that are named after no manager. */
    private List<String> shared(Class<?> type) {
        Set<String> ofManagers = properties.getManagers().keySet().stream()
                .map(other -> new ManagerName(other).beanName(type))
                .collect(Collectors.toSet());
        return Arrays.stream(beans.getBeanNamesForType(type))
                .filter(bean -> !ofManagers.contains(bean))
                .toList();
    }

    private boolean isPrimary(String bean) {
        return beans.containsBeanDefinition(bean)
                && beans.getMergedBeanDefinition(bean).isPrimary();
    }

    private static TaskManagerConfigurationException ambiguous(ManagerName name, Class<?> type, List<String> found) {
        String simpleName = type.getSimpleName();
        return new TaskManagerConfigurationException(
                "The task manager '" + name.value() + "' finds " + found.size() + " beans of type " + simpleName
                        + " that are for all managers: " + found + ".",
                "Name the one that is meant for it '" + name.beanName(type) + "', or mark one of them as @Primary.");
    }

    /** The context outermost, so that decorators of the application have it too; then those, and the config's own. */
    private TaskDecorator decorator(ManagerName name, boolean observed, TaskManagerConfig<?> config) {
        List<TaskDecorator> all = new ArrayList<>();
        all.add(ContextDecorator.of(name.value(), observed, beans));
        all.addAll(ordered(name, TaskDecorator.class));
        config.taskDecorator().ifPresent(all::add);
        return new CompositeDecorator(all);
    }

    /** The starter's own listeners, that which a customizer set, and the listener beans. */
    private TaskManagerListener listener(ManagerName name, boolean observed, TaskManagerConfig<?> config) {
        List<TaskManagerListener> all = new ArrayList<>();
        all.add(new EventPublisher(publisher));
        if (observed) {
            all.add(new ObservationListener());
        }
        config.listener().ifPresent(all::add);
        all.addAll(ordered(name, TaskManagerListener.class));
        return new CompositeListener(all);
    }

    /** The beans for all managers and the one named after this, in their order. */
    private <T> List<T> ordered(ManagerName name, Class<T> type) {
        Set<String> names = new HashSet<>(shared(type));
        names.add(name.beanName(type));
        Map<String, T> byName = new LinkedHashMap<>(beans.getBeansOfType(type));
        byName.keySet().retainAll(names);
        List<T> all = new ArrayList<>(byName.values());
        AnnotationAwareOrderComparator.sort(all);
        return all;
    }

    /** Virtual threads where the application asks for them and Java has them. */
    private Optional<ThreadFactory> threadFactory(ManagerName name) {
        boolean virtual = environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false);
        return virtual && Runtime.version().feature() >= VIRTUAL_THREADS_SINCE
                ? Optional.of(new VirtualThreadTaskExecutor(name.value() + "-worker-").getVirtualThreadFactory())
                : Optional.empty();
    }
}
