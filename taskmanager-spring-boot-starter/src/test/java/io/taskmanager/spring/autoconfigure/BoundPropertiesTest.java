package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

/** What is bound before there are beans is what Boot would bind: each property of the root has its line there. */
class BoundPropertiesTest {

    private final MockEnvironment environment = new MockEnvironment()
            .withProperty("taskmanager.synchronous", "true")
            .withProperty("taskmanager.defaults.max-retries", "7")
            .withProperty("taskmanager.managers.sftp.max-retries", "5");

    @Test
    void bindsWhatBootWouldBind() {
        TaskManagerProperties boots = Binder.get(environment)
                .bind("taskmanager", TaskManagerProperties.class)
                .get();

        assertThat(BoundProperties.of(new DefaultListableBeanFactory(), environment))
                .usingRecursiveComparison()
                .isEqualTo(boots);
    }

    /** A new one is bound in {@link BoundProperties}, and given a value above. */
    @Test
    void isTestedWithEachPropertyOfTheRoot() throws IntrospectionException {
        Stream<String> names = Arrays.stream(Introspector.getBeanInfo(TaskManagerProperties.class, Object.class)
                        .getPropertyDescriptors())
                .map(PropertyDescriptor::getName);

        assertThat(names).containsExactlyInAnyOrder("synchronous", "defaults", "managers");
    }

    @Test
    void bindsOnceForAContext() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

        assertThat(BoundProperties.of(beans, environment)).isSameAs(BoundProperties.of(beans, environment));
    }
}
