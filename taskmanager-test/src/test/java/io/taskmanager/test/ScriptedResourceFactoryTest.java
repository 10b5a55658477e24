package io.taskmanager.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScriptedResourceFactoryTest {

    private final IOException noRoute = new IOException("no route");

    @Test
    void followsItsScript() throws Exception {
        ScriptedResourceFactory<String> factory = ScriptedResourceFactory.creating(() -> "first")
                .thenFailing(noRoute)
                .thenCreating(() -> "third");
        assertThat(factory.create()).isEqualTo("first");
        assertThatThrownBy(factory::create).isSameAs(noRoute);
        assertThat(factory.create()).isEqualTo("third");
    }

    @Test
    void repeatsItsLastStep() throws Exception {
        ScriptedResourceFactory<Object> factory =
                ScriptedResourceFactory.failing(noRoute).thenCreating(Object::new);
        assertThatThrownBy(factory::create).isSameAs(noRoute);
        assertThat(factory.create()).isNotSameAs(factory.create());
    }

    @Test
    void takesStepsLater() throws Exception {
        ScriptedResourceFactory<Object> factory = ScriptedResourceFactory.creating(Object::new);
        factory.create();
        factory.create();
        factory.thenFailing(noRoute).thenCreating(Object::new);
        assertThatThrownBy(factory::create).isSameAs(noRoute);
        assertThat(factory.create()).isNotNull();
    }

    @Test
    void remembersWhatItCreatedAndDestroyed() throws Exception {
        ScriptedResourceFactory<Object> factory = ScriptedResourceFactory.creating(Object::new);
        Object first = factory.create();
        Object second = factory.create();
        factory.destroy(first);
        assertThat(factory.created()).containsExactly(first, second);
        assertThat(factory.destroyed()).containsExactly(first);
        assertThat(factory.alive()).containsExactly(second);
    }

    @Test
    void tellsEqualResourcesApart() throws Exception {
        ScriptedResourceFactory<String> factory = ScriptedResourceFactory.creating(() -> new String("equal"));
        factory.create();
        String second = factory.create();
        factory.destroy(second);
        assertThat(factory.destroyed().get(0)).isSameAs(second);
    }

    @Test
    void refusesToDestroyTwice() throws Exception {
        ScriptedResourceFactory<String> factory = ScriptedResourceFactory.creating(() -> "only");
        factory.destroy(factory.create());
        assertThatThrownBy(() -> factory.destroy("only"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only is destroyed already");
    }

    @Test
    void remembersNoNull() throws Exception {
        ScriptedResourceFactory<Object> factory = ScriptedResourceFactory.creating(() -> null);
        assertThat(factory.create()).isNull();
        assertThat(factory.created()).isEmpty();
    }

    @Test
    void validatesAsTold() {
        ScriptedResourceFactory<String> factory = ScriptedResourceFactory.creating(() -> "only");
        assertThat(factory.validate("only")).isTrue();
        factory.validating(resource -> resource.equals("fit"));
        assertThat(factory.validate("only")).isFalse();
        assertThat(factory.validate("fit")).isTrue();
    }

    @Test
    void servesARealManager() throws Exception {
        ScriptedResourceFactory<Object> factory = ScriptedResourceFactory.creating(Object::new);
        try (TaskManager<Object, Object> manager = TaskManagers.create(config(factory))) {
            // Waited for first: an assertion's actual value is read before what it is compared with.
            Object used =
                    manager.queueTaskAsync((context, resource) -> resource).get(20, TimeUnit.SECONDS);
            assertThat(factory.created()).contains(used);
        }
        assertThat(factory.alive()).isEmpty();
        assertThat(factory.destroyed()).containsExactlyInAnyOrderElementsOf(factory.created());
    }

    private static TaskManagerConfig<Object> config(ResourceFactory<Object> factory) {
        return TaskManagerConfig.builder(factory).workerCount(2).build();
    }
}
