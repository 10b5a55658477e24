package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mockingDetails;
import static org.mockito.Mockito.verify;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.spring.TaskManagerRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

/** Of several managers of one resource, a test mocks those that it names; the others stay what they are. */
@SuppressWarnings("NullAway.Init")
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        classes = NamedMockTests.Application.class,
        properties = {
            "taskmanager.defaults.worker-count=1",
            "taskmanager.managers.images=",
            "taskmanager.managers.catalog=",
            "taskmanager.managers.pages=",
            "taskmanager.managers.reports=",
            "taskmanager.managers.plain=",
        })
class NamedMockTests {

    @MockitoBean("imagesTaskManager")
    TaskManager<Session, Object> byBeanName;

    @MockitoBean
    @Qualifier("catalog")
    TaskManager<Session, Object> byQualifier;

    @MockitoBean
    TaskManager<Session, Object> pagesTaskManager;

    @MockitoSpyBean("reportsTaskManager")
    TaskManager<Session, Object> spied;

    @Autowired
    ApplicationContext context;

    @Autowired
    TaskManagerRegistry registry;

    @Test
    void isTheManagerOfTheBeanThatTheTestNames() {
        theManagerIs(byBeanName, "images");
    }

    @Test
    void isTheManagerOfTheQualifier() {
        theManagerIs(byQualifier, "catalog");
    }

    @Test
    void isTheManagerOfTheBeanThatTheFieldIsNamedAfter() {
        theManagerIs(pagesTaskManager, "pages");
    }

    @Test
    void aSpyIsAroundTheManager(@Autowired @Qualifier("reports") TaskManager<Session, Object> injected)
            throws InterruptedException {
        assertThat(injected.<String>queueTask((task, session) -> "real")).isEqualTo("real");
        verify(spied).queueTask(any());
    }

    @Test
    void leavesTheOtherManagersAlone() {
        assertThat(mockingDetails(registry.get("plain")).isMock()).isFalse();
        assertThat(context.getBeansOfType(TaskManager.class)).hasSize(5);
    }

    private void theManagerIs(TaskManager<Session, Object> mock, String name) {
        assertThat(mockingDetails(mock).isMock()).isTrue();
        assertThat(context.getBean(name)).isSameAs(mock);
        assertThat(registry.get(name)).isSameAs(mock);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(TaskManagerAutoConfiguration.class)
    static class Application {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }
    }
}
