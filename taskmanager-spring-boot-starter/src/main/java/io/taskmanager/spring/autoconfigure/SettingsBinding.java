package io.taskmanager.spring.autoconfigure;

import io.taskmanager.spring.autoconfigure.TaskManagerProperties.Manager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;

/**
 * What an empty value means in the properties of the managers. That of a whole manager, as YAML has it for a key without
 * settings, is one that has them all from the defaults. That of a setting is a mistake, such as {@code ${TIMEOUT:}} without a
 * {@code TIMEOUT}; Boot would take it as not set.
 */
final class SettingsBinding implements ConfigurationPropertiesBindHandlerAdvisor {

    /** The message of the exception for an empty setting. */
    static final String EMPTY = "it is empty";

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("taskmanager");

    @Override
    public BindHandler apply(BindHandler handler) {
        return new Handler(handler);
    }

    private static final class Handler extends AbstractBindHandler {

        Handler(BindHandler parent) {
            super(parent);
        }

        @Override
        public @Nullable Object onFailure(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error)
                throws Exception {
            return target.getType().resolve() == Manager.class && isEmpty(name, context)
                    ? onSuccess(name, target, context, new Manager())
                    : super.onFailure(name, target, context, error);
        }

        @Override
        public void onFinish(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, @Nullable Object result)
                throws Exception {
            ConfigurationProperty property = context.getConfigurationProperty();
            if (result == null && property != null && property.getName().equals(name) && ROOT.isAncestorOf(name)) {
                throw new IllegalArgumentException(EMPTY);
            }
            super.onFinish(name, target, context, result);
        }

        private static boolean isEmpty(ConfigurationPropertyName name, BindContext context) {
            for (ConfigurationPropertySource source : context.getSources()) {
                ConfigurationProperty property = source.getConfigurationProperty(name);
                if (property != null) {
                    return "".equals(property.getValue());
                }
            }
            return false;
        }
    }
}
