package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ResourceFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds the {@link ResourceFactory} bean of a manager: the one that its property names, else one named after the
 * manager, else the only one there is. Looks at definitions and creates no bean.
 */
final class ResourceFactoryFinder {

    private final ConfigurableListableBeanFactory beans;
    private final PropertyValues values;
    private final List<String> factories;

    ResourceFactoryFinder(ConfigurableListableBeanFactory beans, PropertyValues values) {
        this.beans = beans;
        this.values = values;
        this.factories = Arrays.stream(
                        BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, ResourceFactory.class, true, false))
                .filter(this::isCandidate)
                .toList();
    }

    /** The bean name; empty where {@link #failure} has the reason. */
    Optional<String> find(ManagerName manager, @Nullable String configured) {
        if (configured != null) {
            return named(configured);
        }
        return manager.resourceFactoryNames().stream()
                .flatMap(name -> named(name).stream())
                .findFirst()
                .or(this::onlyOne);
    }

    /** Why {@link #find} found none. */
    TaskManagerConfigurationException failure(ManagerName manager, @Nullable String configured) {
        if (configured != null) {
            return unknown(manager, configured);
        }
        return factories.isEmpty() ? missing(manager) : ambiguous(manager);
    }

    private Optional<String> named(String name) {
        return factories.stream()
                .filter(factory -> factory.equals(name)
                        || Arrays.asList(beans.getAliases(factory)).contains(name))
                .findFirst();
    }

    private Optional<String> onlyOne() {
        return factories.size() == 1 ? Optional.of(factories.get(0)) : Optional.empty();
    }

    private boolean isCandidate(String name) {
        return !beans.containsBeanDefinition(name)
                || beans.getMergedBeanDefinition(name).isAutowireCandidate();
    }

    private TaskManagerConfigurationException unknown(ManagerName manager, String configured) {
        String found = beans.containsBean(configured)
                ? "the bean of that name is a " + typeName(configured)
                : "there is no bean of that name";
        String choices = factories.isEmpty()
                ? "There is no ResourceFactory bean yet. " + declareOne(manager)
                : "Set " + manager.property("resource-factory") + " to " + list(factories) + "; or leave it out."
                        + Spelling.hint(configured, factories);
        String origin = values.find(manager.property("resource-factory"))
                .flatMap(property -> Optional.ofNullable(property.getOrigin()))
                .map(where -> " (" + where + ")")
                .orElse("");
        return new TaskManagerConfigurationException(
                manager.property("resource-factory") + " is '" + configured + "'" + origin
                        + ", which must be the name of a ResourceFactory bean, but " + found + ".",
                choices);
    }

    private String typeName(String beanName) {
        Class<?> type = beans.getType(beanName, false);
        return type == null ? "bean of unknown type" : type.getName();
    }

    private static TaskManagerConfigurationException missing(ManagerName manager) {
        return new TaskManagerConfigurationException(
                "The task manager '" + manager.value() + "' has no resource factory. Looked for a ResourceFactory bean"
                        + " named " + list(manager.resourceFactoryNames()) + ", or the only one of any name; there is"
                        + " none.",
                declareOne(manager) + "\nOr set " + manager.property("resource-factory")
                        + " to the name of such a bean.");
    }

    private TaskManagerConfigurationException ambiguous(ManagerName manager) {
        return new TaskManagerConfigurationException(
                "The task manager '" + manager.value() + "' could use any of these ResourceFactory beans: "
                        + list(factories) + ".",
                "Set " + manager.property("resource-factory") + " to one of them, or name its bean "
                        + list(manager.resourceFactoryNames()) + ".");
    }

    private static String declareOne(ManagerName manager) {
        List<String> names = manager.resourceFactoryNames();
        return """
                Declare one in a @Configuration class, with your own resource in place of Session:

                    @Bean
                    ResourceFactory<Session> %s() {
                        return ResourceFactory.of(Session::new, Session::close);
                    }
                """.formatted(names.get(names.size() - 1));
    }

    private static String list(List<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(" or "));
    }
}
