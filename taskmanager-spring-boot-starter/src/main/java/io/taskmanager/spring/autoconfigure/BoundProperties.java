package io.taskmanager.spring.autoconfigure;

import io.taskmanager.spring.autoconfigure.TaskManagerProperties.Manager;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * The properties of an application context, which the definitions of managers are made of, before there are beans. Binding
 * costs more than all else that those take, so it is done once: the result becomes the bean that Boot has a definition for,
 * and would bind anew.
 */
final class BoundProperties {

    /** The name of Boot's definition, as its reference documentation has it: prefix, dash, class name. */
    private static final String BEAN_NAME = "taskmanager-" + TaskManagerProperties.class.getName();

    private BoundProperties() {}

    /** Binds them, unless that was done for this context; strictly, so that a misspelt setting fails the start. */
    static TaskManagerProperties of(ConfigurableListableBeanFactory beans, Environment environment) {
        if (beans.getSingleton(BEAN_NAME) instanceof TaskManagerProperties bound) {
            return bound;
        }
        TaskManagerProperties properties = bind(Binder.get(environment));
        beans.registerSingleton(BEAN_NAME, properties);
        return properties;
    }

    private static TaskManagerProperties bind(Binder binder) {
        BindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
        TaskManagerProperties properties = new TaskManagerProperties();
        binder.bind("taskmanager.synchronous", Boolean.class).ifBound(properties::setSynchronous);
        binder.bind("taskmanager.defaults", Bindable.ofInstance(properties.getDefaults()), strict);
        binder.bind("taskmanager.managers", Bindable.mapOf(String.class, Manager.class), strict)
                .ifBound(properties.getManagers()::putAll);
        return properties;
    }
}
