package io.taskmanager.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.autoconfigure.TaskManagerAutoConfiguration;
import io.taskmanager.spring.autoconfigure.TaskManagerEndpointAutoConfiguration;
import java.util.Arrays;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A client of JMX gets what the operations return, without anything of HTTP around it. */
@ExtendWith(NoLeakedThreads.class)
class EndpointJmxTests {

    private final MBeanServer server = MBeanServerFactory.newMBeanServer();

    private final ApplicationContextRunner exposed = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    JmxAutoConfiguration.class,
                    EndpointAutoConfiguration.class,
                    JmxEndpointAutoConfiguration.class,
                    TaskManagerAutoConfiguration.class,
                    TaskManagerEndpointAutoConfiguration.class))
            .withBean("mbeanServer", MBeanServer.class, () -> server)
            .withBean("factory", ResourceFactory.class, () -> ResourceFactory.of(StringBuilder::new, resource -> {}))
            .withPropertyValues(
                    "spring.jmx.enabled=true",
                    "management.endpoints.jmx.exposure.include=taskmanager",
                    "taskmanager.managers.images.worker-count=1");

    private final ApplicationContextRunner writable =
            exposed.withPropertyValues("management.endpoint.taskmanager.access=UNRESTRICTED");

    @Test
    void readsOneManager() {
        exposed.run(context -> assertThat(invoke("manager", "images"))
                .containsOnlyKeys(
                        "name", "state", "stats", "maxWorkers", "why", "metrics", "config", "workers", "events")
                .containsEntry("name", "images")
                .containsEntry("state", "RUNNING")
                .extractingByKey("stats", MAP)
                .containsEntry("baseWorkers", 1));
    }

    @Test
    void readsAllManagers() {
        exposed.run(context -> assertThat(invoke("managers"))
                .extractingByKey("managers", MAP)
                .extractingByKey("images", MAP)
                .containsEntry("state", "RUNNING"));
    }

    @Test
    void steers() {
        writable.run(context -> {
            assertThat(invoke("steer", "images", "pause", null, null))
                    .containsOnlyKeys("state", "stats")
                    .extractingByKey("stats", MAP)
                    .containsEntry("paused", true);
            assertThat(context.getBean(TaskManager.class).stats().paused()).isTrue();
        });
    }

    @Test
    void steersNothingUnlessThatIsAllowed() {
        exposed.run(context -> assertThat(server.getMBeanInfo(endpoint()).getOperations())
                .extracting(MBeanOperationInfo::getName)
                .containsExactlyInAnyOrder("managers", "manager"));
    }

    @Test
    void saysWhyItRefuses() {
        writable.run(context -> {
            assertThatThrownBy(() -> invoke("manager", "imagse"))
                    .hasRootCauseMessage("no task manager is named 'imagse'; there are [images]");
            assertThatThrownBy(() -> invoke("steer", "images", "stop", null, null))
                    .rootCause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("but was 'stop'");
            context.getBean(TaskManager.class).stop();
            assertThatThrownBy(() -> invoke("steer", "images", "pause", null, null))
                    .hasRootCauseMessage("the task manager 'images' must be RUNNING, but is TERMINATED");
        });
    }

    @Test
    void isThereWithoutTheWebExtension() {
        exposed.run(context -> assertThat(context)
                .hasSingleBean(TaskManagerEndpoint.class)
                .doesNotHaveBean(TaskManagerEndpointWebExtension.class));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> invoke(String operation, @Nullable String... arguments) throws JMException {
        String[] signature = new String[arguments.length];
        Arrays.fill(signature, String.class.getName());
        return (Map<String, Object>) server.invoke(endpoint(), operation, arguments, signature);
    }

    private static ObjectName endpoint() throws JMException {
        return new ObjectName("org.springframework.boot:type=Endpoint,name=Taskmanager");
    }
}
