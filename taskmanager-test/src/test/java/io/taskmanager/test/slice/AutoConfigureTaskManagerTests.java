package io.taskmanager.test.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.test.autoconfigure.AutoConfigureTaskManager;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.json.JsonTest;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.NestedTestConfiguration;
import org.springframework.test.context.NestedTestConfiguration.EnclosingConfiguration;

/** On a slice: {@link SliceTests}. */
@NestedTestConfiguration(EnclosingConfiguration.OVERRIDE)
class AutoConfigureTaskManagerTests {

    private static final String WORKERS = "taskmanager.managers.images.worker-count=2";

    @Nested
    @SpringBootTest(properties = WORKERS)
    @AutoConfigureTaskManager
    class OnATestOfTheApplication {
        @Test
        void managersAreSynchronous(@Autowired TaskManager<Object, Object> images) {
            assertThat(Application.isSynchronous(images)).isTrue();
        }
    }

    @Nested
    @SpringBootTest(properties = WORKERS)
    @AutoConfigureTaskManager(synchronous = false)
    class WithWorkers {
        @Test
        void managersAreAsInProduction(@Autowired TaskManager<Object, Object> images) {
            assertThat(Application.isSynchronous(images)).isFalse();
        }
    }

    @Nested
    @SpringBootTest(properties = WORKERS)
    class Without {
        @Test
        void managersAreAsInProduction(@Autowired TaskManager<Object, Object> images) {
            assertThat(Application.isSynchronous(images)).isFalse();
        }
    }

    @Nested
    @JsonTest(properties = WORKERS)
    @Import(Application.Sessions.class)
    class OnASliceWithout {
        @Test
        void theSliceHasNone(@Autowired(required = false) TaskManager<Object, Object> images) {
            assertThat(images).isNull();
        }
    }
}
