package com.example.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** A web application with all that the starter adds to one. */
@ExtendWith(OutputCaptureExtension.class)
class WebTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application;
    private String url;

    @BeforeEach
    void start() {
        application = SpringApplication.run(Application.class);
        url = "http://localhost:" + application.getEnvironment().getProperty("local.server.port");
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void showsItsManagersAndLetsThemBeSteered(CapturedOutput output) throws Exception {
        assertThat(get("/page").body()).isEqualTo("page");
        assertThat(get("/actuator/taskmanager/pages").body())
                .contains("\"state\":\"RUNNING\"", "\"baseWorkers\":2", "\"totalTasksCompleted\":1", "\"why\"");
        assertThat(post("/actuator/taskmanager/pages", "{\"action\":\"pause\"}").statusCode())
                .isEqualTo(200);
        assertThat(output).contains("action=pause manager=pages principal=operator");
        assertThat(get("/actuator/health").body()).contains("OUT_OF_SERVICE");
        assertThat(post("/actuator/taskmanager/pages", "{\"action\":\"resume\"}").statusCode())
                .isEqualTo(200);
        assertThat(get("/actuator/health").body()).contains("\"taskManagers\"", "\"pages\"");
        assertThat(get("/actuator/health").statusCode()).isEqualTo(200);
    }

    @Test
    void runsTasksForWhoeverIsSignedIn() throws Exception {
        assertThat(get("/user").body()).isEqualTo("operator");
    }

    @Test
    void isScraped() throws Exception {
        get("/page");
        assertThat(get("/actuator/prometheus").body())
                .contains("taskmanager_workers{kind=\"base\",name=\"pages\"} 2.0")
                .contains("taskmanager_tasks_completed_total{name=\"pages\"} 1.0")
                .contains("taskmanager_tasks_execution_seconds_count{");
    }

    @Test
    void endsRequestsThenManagersThenTheirDatabase(CapturedOutput output) throws Exception {
        Application bean = application.getBean(Application.class);
        TaskManager<?, ?> pages = application.getBean(TaskManager.class);
        CompletableFuture<HttpResponse<String>> late = http.sendAsync(request("/late").build(), BodyHandlers.ofString());
        bean.asked.await();
        // Not on the common pool, which has one thread on a small machine, and the HTTP client needs that.
        Thread closing = new Thread(application::close, "closing");
        closing.start();
        await().until(() -> output.getOut().contains("graceful shutdown"));
        assertThat(closing.isAlive()).isTrue();
        assertThat(pages.state()).isEqualTo(TaskManagerState.RUNNING);
        bean.mayAnswer.countDown();

        assertThat(late.join().body()).isEqualTo("late page");
        closing.join();
        assertThat(pages.state()).isEqualTo(TaskManagerState.TERMINATED);
        assertThat(output.getOut()).containsSubsequence("ShutdownReport", "Shutdown initiated");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String json) throws Exception {
        return http.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString("operator:secret".getBytes()));
    }
}
