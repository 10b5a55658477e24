package io.taskmanager.spring.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/**
 * The beans of the application that are meant for one manager: those named after it, such as {@code imagesHealthCheck}, and
 * those that are for all, being named after no manager. A bean that is for resources of one type, such as a
 * {@code ResourceHealthCheck<Session>}, is for all managers whose resources are of that type.
 */
final class ManagerBeans {

    private final ConfigurableListableBeanFactory beans;
    private final Collection<String> managers;
    private final ManagerName name;
    private final ResolvableType resource;

    /**
     * @param managers the names of all managers
     * @param name of the one that the beans are for
     * @param resource of the manager
     */
    ManagerBeans(
            ConfigurableListableBeanFactory beans,
            Collection<String> managers,
            ManagerName name,
            ResolvableType resource) {
        this.beans = beans;
        this.managers = managers;
        this.name = name;
        this.resource = resource;
    }

    /** Whether there is a bean named after the manager. */
    boolean hasOwn(Class<?> type) {
        return beans.containsBean(name.beanName(type));
    }

    /** The bean named after the manager, else the one for all: of several, the primary one. */
    <T> Optional<T> find(Class<T> type) {
        return hasOwn(type) ? Optional.of(own(type)) : shared(type);
    }

    private <T> T own(Class<T> type) {
        String own = name.beanName(type);
        T bean = beans.getBean(own, type);
        if (!fits(own, type)) {
            throw unfit(type, own);
        }
        return bean;
    }

    private <T> Optional<T> shared(Class<T> type) {
        List<String> found = sharedNames(type);
        if (found.size() > 1) {
            List<String> primary = found.stream().filter(this::isPrimary).toList();
            if (primary.size() != 1) {
                throw ambiguous(type, found);
            }
            found = primary;
        }
        return found.stream().findFirst().map(only -> beans.getBean(only, type));
    }

    /** The beans for all managers and the one named after this, in their order. */
    <T> List<T> ordered(Class<T> type) {
        Set<String> names = new HashSet<>(sharedNames(type));
        names.add(name.beanName(type));
        Map<String, T> byName = new LinkedHashMap<>(beans.getBeansOfType(type));
        byName.keySet().retainAll(names);
        List<T> all = new ArrayList<>(byName.values());
        AnnotationAwareOrderComparator.sort(all);
        return all;
    }

    private List<String> sharedNames(Class<?> type) {
        Set<String> ofManagers = managers.stream()
                .map(manager -> new ManagerName(manager).beanName(type))
                .collect(Collectors.toSet());
        return Arrays.stream(beans.getBeanNamesForType(type))
                .filter(bean -> !ofManagers.contains(bean) && fits(bean, type))
                .toList();
    }

    private boolean fits(String bean, Class<?> type) {
        return ManagerBeanTypes.fits(beans, bean, type, resource);
    }

    private boolean isPrimary(String bean) {
        return beans.containsBeanDefinition(bean)
                && beans.getMergedBeanDefinition(bean).isPrimary();
    }

    private TaskManagerConfigurationException ambiguous(Class<?> type, List<String> found) {
        String simpleName = type.getSimpleName();
        return new TaskManagerConfigurationException(
                "The task manager '" + name.value() + "' finds " + found.size() + " beans of type " + simpleName
                        + " that are for all managers: " + found + ".",
                "Name the one that is meant for it '" + name.beanName(type) + "', or mark one of them as @Primary.");
    }

    private TaskManagerConfigurationException unfit(Class<?> type, String own) {
        String simpleName = type.getSimpleName();
        return new TaskManagerConfigurationException(
                "The bean '" + own + "' is named after the task manager '" + name.value() + "', but is a " + simpleName
                        + " for other resources than " + resource + ".",
                "Give it " + resource + " as its type of resource, or a supertype of that; or give it another name.");
    }
}
