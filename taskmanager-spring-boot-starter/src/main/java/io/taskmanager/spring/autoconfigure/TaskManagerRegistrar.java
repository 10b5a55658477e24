package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers one bean for each manager, twice over: with the auto-configuration, so that conditions of others see the
 * managers, and again when every definition is known (which is also the only time when the application was processed
 * ahead of time). Only then is a missing factory an error. A manager is not registered where the application has a bean
 * for it: one of the manager's bean name, a {@link TaskManager} of its name, or one of these in a parent context.
 */
final class TaskManagerRegistrar implements ImportBeanDefinitionRegistrar, BeanDefinitionRegistryPostProcessor {

    /** Marks our definitions; the value is the manager's configured name. */
    static final String NAME_ATTRIBUTE = TaskManagerRegistrar.class.getName() + ".name";

    private static final Logger log = LoggerFactory.getLogger(TaskManagerRegistrar.class);

    private final Environment environment;

    TaskManagerRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        register(registry, false);
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        register(registry, true);
    }

    private void register(BeanDefinitionRegistry registry, boolean allDefinitionsKnown) {
        ConfigurableListableBeanFactory beans = (ConfigurableListableBeanFactory) registry;
        DeclaredManagers managers = new DeclaredManagers(environment);
        PropertyValues values = new PropertyValues(environment);
        ResourceFactoryFinder factories = new ResourceFactoryFinder(beans, values);
        List<ManagerName> names = managers.names();
        if (allDefinitionsKnown) {
            MisspeltRoot.check(values);
            warnOfDefaultsOfNone(names, beans, values);
        }
        for (ManagerName name : names) {
            if (isTaken(name.beanName(), registry) || isOwn(name, beans) || isInherited(name, beans)) {
                continue;
            }
            String configured = managers.resourceFactory(name);
            Optional<String> factory = factories.find(name, configured);
            if (factory.isPresent()) {
                registerBean(
                        registry, name.beanName(), definition(beans, name, managers.resultType(name), factory.get()));
                registerExecutor(registry, name, beans);
            } else if (allDefinitionsKnown) {
                throw factories.failure(name, configured);
            } else {
                registerBean(registry, name.beanName(), definition(name));
            }
            if (allDefinitionsKnown) {
                registerAliases(registry, name);
                tellOfTakenName(name, beans);
            }
        }
    }

    private static void warnOfDefaultsOfNone(
            List<ManagerName> names, ConfigurableListableBeanFactory beans, PropertyValues values) {
        if (names.isEmpty()
                && values.hasAnyUnder("taskmanager.defaults")
                && beans.getBeanNamesForType(TaskManager.class, true, false).length == 0) {
            log.warn(
                    "taskmanager.defaults is set, but there is no task manager. If there should be one that has all settings"
                            + " from there: YAML drops an empty map, so write its name under taskmanager.managers with nothing behind"
                            + " it, as in 'archive:' and not 'archive: {}'");
        }
    }

    private static boolean isTaken(String beanName, BeanDefinitionRegistry registry) {
        return registry.isBeanNameInUse(beanName)
                && !(registry.containsBeanDefinition(beanName)
                        && registry.getBeanDefinition(beanName).hasAttribute(NAME_ATTRIBUTE));
    }

    /** Whether the application has a manager of that name. */
    private static boolean isOwn(ManagerName name, ConfigurableListableBeanFactory beans) {
        return name.aliases().stream()
                .anyMatch(alias -> beans.containsLocalBean(alias)
                        && !List.of(beans.getAliases(alias)).contains(name.beanName())
                        && isManager(alias, beans));
    }

    /** Whether a parent context has that manager. */
    private static boolean isInherited(ManagerName name, ConfigurableListableBeanFactory beans) {
        BeanFactory parent = beans.getParentBeanFactory();
        return parent != null
                && name.beanNames().anyMatch(bean -> parent.containsBean(bean) && isManager(bean, parent));
    }

    private static boolean isManager(String bean, BeanFactory beans) {
        Class<?> type = beans.getType(bean, false);
        return type != null && TaskManager.class.isAssignableFrom(type);
    }

    private static void registerBean(BeanDefinitionRegistry registry, String beanName, BeanDefinition definition) {
        if (registry.containsBeanDefinition(beanName)) {
            registry.removeBeanDefinition(beanName);
        }
        registry.registerBeanDefinition(beanName, definition);
    }

    /** No default candidate: Spring's and the application's own executors stay what they are where none is named. */
    private static void registerExecutor(
            BeanDefinitionRegistry registry, ManagerName name, ConfigurableListableBeanFactory beans) {
        String beanName = name.executorName();
        if (isTaken(beanName, registry)) {
            return;
        }
        RootBeanDefinition definition = new RootBeanDefinition(
                ManagerTaskExecutor.class, () -> new ManagerTaskExecutor(name.value(), () -> manager(beans, name)));
        definition.setDefaultCandidate(false);
        definition.setLazyInit(true);
        mark(definition, name);
        registerBean(registry, beanName, definition);
    }

    /** The types are the bean's; an executor's tasks need none of them. */
    @SuppressWarnings("unchecked")
    private static TaskManager<Object, Object> manager(ConfigurableListableBeanFactory beans, ManagerName name) {
        return (TaskManager<Object, Object>) beans.getBean(name.beanName(), TaskManager.class);
    }

    private static void mark(RootBeanDefinition definition, ManagerName name) {
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name.value()));
        definition.setAttribute(NAME_ATTRIBUTE, name.value());
        definition.setAttribute(BeanRegistrationAotProcessor.IGNORE_REGISTRATION_ATTRIBUTE, true);
        definition.setResourceDescription("taskmanager.managers." + name.value());
    }

    private static void registerAliases(BeanDefinitionRegistry registry, ManagerName name) {
        for (String alias : name.aliases()) {
            if (!registry.isBeanNameInUse(alias)) {
                registry.registerAlias(name.beanName(), alias);
            }
        }
    }

    /** One that conditions see, until the factory is known. */
    private static RootBeanDefinition definition(ManagerName name) {
        RootBeanDefinition definition = new RootBeanDefinition(TaskManager.class);
        mark(definition, name);
        return definition;
    }

    /** A factory of that name is this manager's; any other bean was hardly meant to take it. */
    private static void tellOfTakenName(ManagerName name, ConfigurableListableBeanFactory beans) {
        Class<?> other = beans.containsBean(name.value()) ? beans.getType(name.value(), false) : null;
        if (other != null
                && !TaskManager.class.isAssignableFrom(other)
                && !ResourceFactory.class.isAssignableFrom(other)) {
            log.info(
                    "The bean '{}' is a {} and not the task manager '{}', which is injected by its type, by"
                            + " @Qualifier(\"{}\") or as '{}'",
                    name.value(),
                    other.getName(),
                    name.value(),
                    name.value(),
                    name.beanName());
        }
    }

    private static RootBeanDefinition definition(
            ConfigurableListableBeanFactory beans,
            ManagerName name,
            @Nullable Class<?> resultType,
            String resourceFactory) {
        RootBeanDefinition definition = definition(name);
        definition.setTargetType(ManagerBeanTypes.of(beans, resourceFactory, resultType));
        definition.setInstanceSupplier(
                () -> beans.getBean(TaskManagerCreator.class).create(name, resourceFactory));
        definition.setDependsOn(resourceFactory);
        definition.setDestroyMethodName("close");
        return definition;
    }
}
