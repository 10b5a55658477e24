package com.example.browser;

import io.taskmanager.ResourceFactory;
import io.taskmanager.ResourceHealthCheck;
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
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class Browsers {

    @ConfigurationProperties("browsers")
    record Settings(Path folder, List<String> arguments, Duration timeout) {}

    record Browser(Path profile, ChromeDriverService service, ChromeDriver driver) {}

    @Bean
    ResourceFactory<Browser> pagesResourceFactory(Settings settings) throws InterruptedException {
        Profiles.delete(settings.folder());
        return ResourceFactory.<Browser>builder(() -> open(settings))
                .destroy(Browsers::close)
                .validate(Browsers::answers)
                .reset(Browsers::reset)
                .build();
    }

    private static Browser open(Settings settings) throws Exception {
        Path profile = Files.createDirectories(settings.folder().resolve(UUID.randomUUID().toString()));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .withLogFile(profile.resolve("driver.log").toFile())
                .build();
        ChromeOptions options = new ChromeOptions().addArguments("--user-data-dir=" + profile);
        options.addArguments(settings.arguments()).setBinary("/usr/bin/chromium");
        options.setPageLoadTimeout(settings.timeout()).setScriptTimeout(settings.timeout());
        ClientConfig http = ClientConfig.defaultConfig().readTimeout(settings.timeout().plusSeconds(2));
        try {
            return new Browser(profile, service, new ChromeDriver(service, options, http));
        } catch (Exception e) {
            Profiles.delete(profile);
            throw e;
        }
    }

    private static void close(Browser browser) throws Exception {
        try (AutoCloseable service = browser.service()::stop; AutoCloseable driver = browser.driver()::quit) {
            Profiles.delete(browser.profile());
        } catch (WebDriverException e) {
            // Nobody is left to be told to quit; what the client holds is released all the same.
        }
    }

    private static void reset(Browser browser) {
        browser.driver().get("about:blank");
        browser.driver().executeCdpCommand("Storage.clearCookies", Map.of());
    }

    private static boolean answers(Browser browser) {
        try {
            return "yes".equals(browser.driver().executeScript("return 'yes'"));
        } catch (WebDriverException e) {
            return false;
        }
    }

    @Bean
    ResourceHealthCheck<Browser> pagesResourceHealthCheck() {
        return (error, browser) -> !(error instanceof WebDriverException) || answers(browser);
    }
}
