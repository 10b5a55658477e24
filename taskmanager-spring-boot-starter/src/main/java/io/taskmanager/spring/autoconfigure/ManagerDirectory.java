package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManager;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/**
 * The managers of one application context, without its parents: the name of each, and its bean. Those of the configuration
 * come first, then the application's own. Looks at definitions and creates no bean.
 */
final class ManagerDirectory {

    private final ConfigurableListableBeanFactory beans;
    private final Map<String, String> beanNames = new LinkedHashMap<>();

    /** @param configured the names under {@code taskmanager.managers} */
    ManagerDirectory(ConfigurableListableBeanFactory beans, Collection<String> configured) {
        this.beans = beans;
        List<String> found = Arrays.stream(beans.getBeanNamesForType(TaskManager.class, true, false))
                .filter(this::isOneInstance)
                .toList();
        configured.forEach(name -> new ManagerName(name)
                .beanNames()
                .filter(found::contains)
                .findFirst()
                .ifPresent(bean -> beanNames.put(name, bean)));
        found.stream().filter(bean -> !beanNames.containsValue(bean)).forEach(this::addOwn);
    }

    /** By its definition: what a factory bean makes is known only when that is there. */
    private boolean isOneInstance(String bean) {
        return !beans.containsBeanDefinition(bean)
                || (beans.getMergedBeanDefinition(bean).isSingleton()
                        && !beans.containsBeanDefinition(ScopedProxyUtils.getTargetBeanName(bean)));
    }

    private void addOwn(String bean) {
        String name = ManagerName.ofBean(bean);
        String other = beanNames.putIfAbsent(name, bean);
        if (other != null) {
            throw new TaskManagerConfigurationException(
                    "The beans '" + other + "' and '" + bean + "' are both the task manager '" + name + "'.",
                    "Rename one of them: a manager has the name of its bean, without the suffix 'TaskManager'.");
        }
    }

    Set<String> names() {
        return beanNames.entrySet().stream()
                .filter(entry -> !isMadeAnew(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether the bean is made by a factory bean that makes another each time. */
    private boolean isMadeAnew(String bean) {
        return beans.containsSingleton(bean) && !beans.isSingleton(bean);
    }

    /** @param name one of the {@link #names} */
    TaskManager<?, ?> get(String name) {
        return beans.getBean(beanName(name), TaskManager.class);
    }

    /** @param name one of the {@link #names} */
    String beanName(String name) {
        return Objects.requireNonNull(beanNames.get(name), name);
    }

    /** The name of the manager that is this bean; none, if it is not one of them. */
    Stream<String> nameOf(String bean) {
        return beanNames.entrySet().stream()
                .filter(entry -> entry.getValue().equals(bean))
                .map(Map.Entry::getKey);
    }

    /** The {@code TaskManager<R, E>} that a manager is; {@link ResolvableType#NONE} if that is not known, or it is none of these. */
    ResolvableType type(String name) {
        String bean = beanNames.get(name);
        return bean == null ? ResolvableType.NONE : ManagerBeanTypes.ofBean(beans, bean);
    }
}
