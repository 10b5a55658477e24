package com.example.ui;

import io.taskmanager.TaskManager;
import io.taskmanager.spring.ui.PageData;
import io.taskmanager.spring.ui.TaskManagerUiEndpoint;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A browser for all tests of a class, and an application for each. */
abstract class PageFixture {

    static final String WRITES = "--management.endpoint.taskmanager.access=unrestricted";
    static final String PAGE = "/actuator/taskmanagerui";

    @TempDir
    static Path profile;

    static Browser browser;

    ConfigurableApplicationContext application;
    TaskManager<StringBuilder, Object> images;
    final CountDownLatch end = new CountDownLatch(1);

    @BeforeAll
    static void open() {
        browser = new Browser(profile);
    }

    @AfterAll
    static void close() {
        browser.close();
    }

    @AfterEach
    void clear() {
        end.countDown();
        browser.clear();
        application.close();
    }

    /** Answers the address of the server that has the page. */
    String start(String... arguments) {
        application = new SpringApplicationBuilder(Application.class).run(arguments);
        if (application.containsBean("images")) {
            images = manager("images");
        }
        String management = application.getEnvironment().getProperty("local.management.port");
        String port =
                management != null ? management : application.getEnvironment().getProperty("local.server.port");
        return "http://127.0.0.1:" + port;
    }

    @SuppressWarnings("unchecked")
    TaskManager<StringBuilder, Object> manager(String name) {
        return application.getBean(name, TaskManager.class);
    }

    String status() {
        return browser.find("[data-status]").getAttribute("data-status");
    }

    /** What the page is told. */
    PageData data() {
        return (PageData) Objects.requireNonNull(application
                .getBean(TaskManagerUiEndpoint.class)
                .asset("data", 0L)
                .getBody());
    }

    /** The application takes some samples, one a second. */
    void awaitSamples(int number) {
        long from = data().cursor();
        browser.await(
                number + " samples",
                () -> data().managers().get("images").samples().stream()
                                .filter(sample -> sample.at() > from)
                                .count()
                        >= number);
    }

    void act(String action) {
        browser.click("[data-manager=images] [data-action=" + action + "]");
        confirm();
    }

    void resize(int workerCount, int maxWorkerCount) {
        browser.click("[data-manager=images] [data-action=resize]");
        type("workerCount", String.valueOf(workerCount));
        type("maxWorkerCount", String.valueOf(maxWorkerCount));
        confirm();
    }

    private void confirm() {
        type("typed", "images");
        browser.click("[data-dialog-confirm]");
    }

    private void type(String field, String text) {
        WebElement input = browser.find("dialog [name=" + field + "]");
        input.clear();
        input.sendKeys(text);
    }
}
