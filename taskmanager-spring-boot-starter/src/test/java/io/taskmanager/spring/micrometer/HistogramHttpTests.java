package io.taskmanager.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;

/** Boot's own property gives one timer a full histogram, and the other none. */
@SuppressWarnings("NullAway.Init") // Spring sets the fields.
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        classes = MetricsPageTests.Application.class,
        properties = {
            "management.endpoints.web.exposure.include=prometheus",
            "management.metrics.distribution.percentiles-histogram.taskmanager.tasks.execution=true",
            "taskmanager.managers.images.worker-count=1"
        })
@AutoConfigureRestTestClient
@DirtiesContext
class HistogramHttpTests {

    @Autowired
    RestTestClient http;

    @Test
    void isFullForTheTimerOfTheProperty() {
        PrometheusPage scraped = PrometheusPage.scrape(http);

        assertThat(scraped.labels("taskmanager_tasks_execution_seconds_bucket").get("le"))
                .hasSizeGreaterThan(60);
        assertThat(scraped.labels("taskmanager_tasks_wait_seconds_bucket")).isEmpty();
    }
}
