package io.taskmanager.spring.autoconfigure;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/** The properties of an environment as they were written, and where: for texts about those that can't be. */
final class PropertyValues {

    private final Environment environment;

    PropertyValues(Environment environment) {
        this.environment = environment;
    }

    Optional<ConfigurationProperty> find(String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property.toLowerCase(Locale.ROOT), '.');
        return sources()
                .flatMap(source -> Optional.ofNullable(source.getConfigurationProperty(name)).stream())
                .findFirst();
    }

    /** All names that there are, of sources that can tell them. */
    Stream<ConfigurationPropertyName> names() {
        return sources()
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap(source -> ((IterableConfigurationPropertySource) source).stream());
    }

    boolean hasAnyUnder(String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
        return sources().anyMatch(source -> source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT);
    }

    private Stream<ConfigurationPropertySource> sources() {
        return StreamSupport.stream(
                ConfigurationPropertySources.get(environment).spliterator(), false);
    }

    /** The value in quotes, and where it was set. */
    static String shown(ConfigurationProperty property) {
        String origin = property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        return "\"" + property.getValue() + "\"" + origin;
    }
}
