package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManager;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;

/** Explains the injection of a {@link TaskManager} that there is not: none at all, none of that name, none of those types. */
@Order(Ordered.HIGHEST_PRECEDENCE) // Before Boot's own for this exception, which knows less.
final class TaskManagerInjectionFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

    private final BeanFactory beanFactory;

    TaskManagerInjectionFailureAnalyzer(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
        ResolvableType wanted = cause.getResolvableType();
        if (cause instanceof NoUniqueBeanDefinitionException // Boot explains that one well.
                || wanted == null
                || wanted.resolve() != TaskManager.class
                || !(beanFactory instanceof ConfigurableListableBeanFactory beans)) {
            return null;
        }
        List<BeanDefinition> managers = managers(beans);
        if (managers.isEmpty()) {
            // Boot tells of the application's own.
            return beans.getBeanNamesForType(TaskManager.class, true, false).length == 0 ? none(wanted, cause) : null;
        }
        String qualifier = qualifier(rootFailure);
        return qualifier != null
                        && managers.stream()
                                .flatMap(manager -> new ManagerName(name(manager)).beanNames())
                                .noneMatch(qualifier::equals)
                ? unknown(qualifier, managers, cause)
                : wanted.hasGenerics() ? analysis(wanted, managers, cause) : null;
    }

    private @Nullable String qualifier(Throwable rootFailure) {
        UnsatisfiedDependencyException injection = findCause(rootFailure, UnsatisfiedDependencyException.class);
        InjectionPoint point = injection == null ? null : injection.getInjectionPoint();
        Qualifier qualifier = point == null ? null : point.getAnnotation(Qualifier.class);
        return qualifier == null ? null : qualifier.value();
    }

    private static FailureAnalysis none(ResolvableType wanted, NoSuchBeanDefinitionException cause) {
        return new FailureAnalysis(
                "A bean of type " + wanted + " was asked for, but there is no task manager: nothing is under"
                        + " taskmanager.managers.",
                """
                Add one to the configuration, with a name of your own in place of sessions, and a ResourceFactory bean for it:

                    taskmanager:
                      managers:
                        sessions:
                          worker-count: 4
                """,
                cause);
    }

    private static FailureAnalysis unknown(
            String qualifier, List<BeanDefinition> managers, NoSuchBeanDefinitionException cause) {
        List<String> names =
                managers.stream().map(TaskManagerInjectionFailureAnalyzer::name).toList();
        return new FailureAnalysis(
                "The task manager '" + qualifier + "' was asked for, but under taskmanager.managers there are " + names
                        + ".",
                "Ask for one of these, or add '" + qualifier + "' to the configuration."
                        + Spelling.hint(qualifier, names),
                cause);
    }

    private static List<BeanDefinition> managers(ConfigurableListableBeanFactory beans) {
        return Arrays.stream(beans.getBeanDefinitionNames())
                .map(beans::getMergedBeanDefinition)
                .filter(definition -> definition.hasAttribute(TaskManagerRegistrar.NAME_ATTRIBUTE)
                        && definition.getResolvableType().resolve() == TaskManager.class)
                .toList();
    }

    private static FailureAnalysis analysis(
            ResolvableType wanted, List<BeanDefinition> managers, NoSuchBeanDefinitionException cause) {
        StringBuilder description =
                new StringBuilder("A bean of type " + wanted + " was asked for, but the task managers are:\n");
        managers.forEach(manager -> description
                .append("\n    '")
                .append(name(manager))
                .append("', a ")
                .append(manager.getResolvableType()));
        Optional<BeanDefinition> sameResource = managers.stream()
                .filter(manager -> manager.getResolvableType().getGeneric(0).equalsType(wanted.getGeneric(0)))
                .findFirst();
        String action = sameResource
                .map(manager -> otherResult(wanted, manager))
                .orElse("Inject one of these types, or add a manager whose ResourceFactory bean is a ResourceFactory<"
                        + wanted.getGeneric(0) + ">.");
        return new FailureAnalysis(description.toString(), action, cause);
    }

    private static String otherResult(ResolvableType wanted, BeanDefinition manager) {
        return "Inject a " + manager.getResolvableType() + ", or set taskmanager.managers." + name(manager)
                + ".result-type to " + wanted.getGeneric(1) + ".";
    }

    private static String name(BeanDefinition manager) {
        return String.valueOf(manager.getAttribute(TaskManagerRegistrar.NAME_ATTRIBUTE));
    }
}
