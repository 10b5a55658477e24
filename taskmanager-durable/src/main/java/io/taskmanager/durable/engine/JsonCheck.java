package io.taskmanager.durable.engine;

import java.lang.reflect.Modifier;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds classes that Jackson can't write or read whatever is in them. It has no such question: what it makes of a class is looked at,
 * and what is not known to fail passes.
 */
final class JsonCheck {

    private final JsonMapper mapper;

    JsonCheck(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** What is wrong with the class; empty if nothing is known to be. */
    Optional<String> refusal(Class<?> type) {
        // Of a class that is not final another may be written.
        String written = Modifier.isFinal(type.getModifiers()) ? writing(type) : null;
        if (written != null) {
            return Optional.of("can't be written as JSON: " + written);
        }
        return Optional.ofNullable(reading(type)).map(why -> "can't be read from JSON: " + why);
    }

    private @Nullable String writing(Class<?> type) {
        try {
            mapper._serializationContext().findRootValueSerializer(type);
            return null;
        } catch (JacksonException e) {
            return String.valueOf(e.getOriginalMessage());
        }
    }

    private @Nullable String reading(Class<?> type) {
        JavaType asked = mapper.constructType(type);
        ValueDeserializer<Object> found;
        try {
            found = mapper._deserializationContext().findRootValueDeserializer(asked);
        } catch (JacksonException e) {
            return String.valueOf(e.getOriginalMessage());
        }
        if (mapper.deserializationConfig().getProblemHandlers() != null) {
            return null; // it may make what Jackson can't
        }
        if (found instanceof AbstractDeserializer) {
            return "it is abstract, and nothing says which class is meant";
        }
        return found instanceof BeanDeserializerBase bean
                        && !bean.getValueInstantiator().canInstantiate()
                ? "it has no constructor that Jackson may use"
                : null;
    }
}
