package com.example.browser;

import io.taskmanager.ResourceFactory;
import io.taskmanager.RetryPolicy;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.remote.http.ClientConfig;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.util.FileSystemUtils;

@SpringBootApplication
@ConfigurationPropertiesScan
public class Application {

    @ConfigurationProperties("browsers")
    record Settings(Path folder, List<String> arguments, Duration timeout) {}

    record Browser(Path folder, ChromeDriverService service, ChromeDriver driver) {}

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @Bean
    ResourceFactory<Browser> pagesResourceFactory(Settings settings) throws Exception {
        sweep(settings.folder());
        return ResourceFactory.<Browser>builder(() -> open(settings))
                .destroy(browser -> {
                    sweep(browser.folder());
                    browser.service().stop();
                })
                .reset(browser -> {
                    browser.driver().get("about:blank");
                    browser.driver().executeCdpCommand("Storage.clearCookies", Map.of());
                })
                .build();
    }

    private static Browser open(Settings settings) throws Exception {
        Path folder = Files.createDirectories(settings.folder().resolve(UUID.randomUUID().toString()));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .withLogFile(folder.resolve("driver.log").toFile())
                .build();
        var options = new ChromeOptions().addArguments(settings.arguments()).addArguments("--user-data-dir=" + folder);
        options.setPageLoadTimeout(settings.timeout()).setScriptTimeout(settings.timeout());
        ClientConfig http = ClientConfig.defaultConfig().readTimeout(settings.timeout().plusSeconds(2));
        try {
            return new Browser(folder, service, new ChromeDriver(service, options, http));
        } catch (Exception e) {
            sweep(folder);
            throw e;
        }
    }

    /** Kills all drivers and browsers whose files are in a folder, until none is left, and deletes it. */
    static void sweep(Path folder) throws Exception {
        var kill = new ProcessBuilder("pkill", "-KILL", "-f", "(log-path|user-data-dir)=" + folder + "(/| |$)");
        while (kill.start().waitFor() == 0 || FileSystemUtils.deleteRecursively(folder)) {
            Thread.sleep(10);
        }
    }

    @Bean
    RetryPolicy pagesRetryPolicy() {
        return (error, attempt) -> attempt == 1 && error instanceof WebDriverException;
    }
}
