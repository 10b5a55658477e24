package io.taskmanager.spring.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import io.taskmanager.Task;
import io.taskmanager.TaskDecorator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** Nothing is copied where there is nothing to carry. */
class ContextDecoratorTest {

    private static final String KEY = "context-decorator-test";
    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    @BeforeEach
    void registerAccessor() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, TENANT);
        MDC.clear();
    }

    @AfterEach
    void clear() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
        TENANT.remove();
        MDC.clear();
    }

    @Test
    void takesNoSnapshotWhereNoThreadLocalHasAValue() {
        ContextDecorator decorator = decorator(true);
        assertThat(decorator.captureRest()).isSameAs(ContextDecorator.NOTHING);

        TENANT.set("acme");
        assertThat(decorator.captureRest()).isNotSameAs(ContextDecorator.NOTHING);
    }

    @Test
    void copiesNoLogContextThatIsEmpty() {
        ContextDecorator decorator = decorator(true);
        assertThat(decorator.captureLog()).isSameAs(decorator.names());

        MDC.put("request", "r1");
        assertThat(decorator.captureLog()).isNotSameAs(decorator.names());
    }

    @Test
    void copiesNothingWhereNothingIsToBePropagated() {
        TENANT.set("acme");
        MDC.put("request", "r1");
        ContextDecorator decorator = decorator(false);

        assertThat(decorator.captureRest()).isSameAs(ContextDecorator.NOTHING);
        assertThat(decorator.captureLog()).isSameAs(decorator.names());
    }

    private static ContextDecorator decorator(boolean propagates) {
        return ContextDecorator.of("images", propagates, false, new Plain(), new StaticListableBeanFactory());
    }

    private static final class Plain implements TaskDecorator {
        @Override
        public <R, T> Task<R, T> decorate(Task<R, T> task) {
            return task;
        }
    }
}
