package io.taskmanager.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.taskmanager.ResourceFactory;
import io.taskmanager.spring.HttpBody;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;

/** The actuator's {@code configprops} tells the values of our properties, and where each was set. */
@SuppressWarnings("NullAway.Init") // Spring sets the fields.
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=configprops",
            "management.endpoint.configprops.show-values=always",
            "taskmanager.defaults.max-retries=7",
            "taskmanager.managers.images.worker-count=2"
        })
@AutoConfigureRestTestClient
@DirtiesContext
class ConfigPropsHttpTests {

    @Autowired
    RestTestClient http;

    @Test
    void tellsValuesAndOrigins() {
        DocumentContext json = JsonPath.parse(HttpBody.get(http, "/actuator/configprops/taskmanager"));

        String bean = "$.contexts.*.beans['taskmanager-io.taskmanager.spring.autoconfigure.TaskManagerProperties']";
        assertThat(json.<Object>read(bean + ".properties.managers.images.workerCount")
                        .toString())
                .isEqualTo("[2]");
        assertThat(json.<Object>read(bean + ".inputs.managers.images.workerCount.origin")
                        .toString())
                .contains("taskmanager.managers.images.worker-count");
        assertThat(json.<Object>read(bean + ".inputs.defaults.maxRetries.origin")
                        .toString())
                .contains("taskmanager.defaults.max-retries");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        ResourceFactory<StringBuilder> texts() {
            return ResourceFactory.of(StringBuilder::new, text -> {});
        }
    }
}
