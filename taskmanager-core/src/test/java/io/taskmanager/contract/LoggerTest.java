package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.testkit.JdkLog;
import io.taskmanager.testkit.RecordingLogger;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a manager logs: to the logger of its config, else to the JDK's own, and never into the void. */
class LoggerTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    @Test
    void logsToTheLoggerOfTheConfig() {
        bed.manager(config -> config).stop();

        assertThat(bed.logger().lines(RecordingLogger.Level.INFO))
                .anySatisfy(line -> assertThat(line.text()).contains("stopping"));
    }

    @Test
    void logsToTheJdksLoggerOfItsNameByDefault() throws Exception {
        var error = new IOException("destruction");
        try (JdkLog log = JdkLog.of("io.taskmanager.photos")) {
            var config = TaskManagerConfig.builder(ResourceFactory.of(Object::new, resource -> {
                        throw error;
                    }))
                    .name("photos")
                    .workerCount(1)
                    .build();
            TaskManager<Object, Object> manager = TaskManagers.create(config);
            manager.stop();

            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line).startsWith("INFO").contains("stopping"))
                    .anySatisfy(line -> assertThat(line).startsWith("SEVERE").contains("destruction"));
            assertThat(log.thrown()).containsExactly(error);
        }
    }
}
