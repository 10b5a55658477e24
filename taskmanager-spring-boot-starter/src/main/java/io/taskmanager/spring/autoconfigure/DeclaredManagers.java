package io.taskmanager.spring.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * What the definitions of the managers are made of, read before there are beans. All other properties are Boot's to bind, once
 * {@link TaskManagerProperties} is a bean: binding costs more than all else here.
 */
final class DeclaredManagers {

    private final Binder binder;

    DeclaredManagers(Environment environment) {
        this.binder = Binder.get(environment);
    }

    /** The keys under {@code taskmanager.managers}, checked, in their order. */
    List<ManagerName> names() {
        Map<String, Object> managers = binder.bind("taskmanager.managers", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of());
        return ManagerName.of(managers.keySet());
    }

    @Nullable
    String resourceFactory(ManagerName manager) {
        return setting(manager, "resource-factory", String.class);
    }

    @Nullable
    Class<?> resultType(ManagerName manager) {
        return setting(manager, "result-type", Class.class);
    }

    private <T> @Nullable T setting(ManagerName manager, String setting, Class<T> type) {
        String property = manager.property(setting).toLowerCase(Locale.ROOT);
        return binder.bind(ConfigurationPropertyName.adapt(property, '.'), Bindable.of(type))
                .orElse(null);
    }
}
