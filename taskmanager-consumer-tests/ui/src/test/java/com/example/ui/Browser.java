package com.example.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.FluentWait;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium without a screen, that reaches this machine and nothing else. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChromeDriver driver;

    /** @param profile an empty folder, for what it writes */
    Browser(Path profile) {
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .build();
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions()
                .setBinary("/usr/bin/chromium")
                .addArguments(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--no-proxy-server",
                        "--force-prefers-reduced-motion",
                        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost, EXCLUDE 127.0.0.1",
                        "--user-data-dir=" + profile);
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(service, options);
        resize(1280, 900);
    }

    void open(String url) {
        driver.get(url);
    }

    /** Leaves the page, and forgets what it was told and has told. */
    void clear() {
        driver.get("about:blank");
        driver.manage().logs().get(LogType.BROWSER);
        resize(1280, 900);
    }

    /** The theme that the system is said to have. */
    void prefer(String theme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
        String query = "(prefers-color-scheme: " + theme + ")";
        await(query, () -> (Boolean) script("return matchMedia(arguments[0]).matches", query));
    }

    void resize(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    /** An element, once it is there and seen. */
    WebElement find(String css) {
        return patience(css)
                .until(unused -> driver.findElements(By.cssSelector(css)).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst()
                        .orElse(null));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css)).stream()
                .filter(WebElement::isDisplayed)
                .toList();
    }

    /** Chooses a file in a field, which a page may hide behind a button of its own. */
    void choose(String css, Path file) {
        driver.findElement(By.cssSelector(css)).sendKeys(file.toString());
    }

    void click(String css) {
        find(css).click();
    }

    /** The value that the page shows of a manager. */
    String value(String manager, String value) {
        return find("[data-manager=" + manager + "] [data-value=" + value + "]").getText();
    }

    void await(String what, BooleanSupplier condition) {
        patience(what).until(unused -> condition.getAsBoolean());
    }

    /** Also with a page that puts another element in the place of one that was just found. */
    private FluentWait<WebDriver> patience(String what) {
        return new WebDriverWait(driver, PATIENCE).withMessage(what).ignoring(StaleElementReferenceException.class);
    }

    Object script(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    Object asyncScript(String script, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return ((JavascriptExecutor) driver).executeAsyncScript(script, arguments);
    }

    void reload() {
        driver.navigate().refresh();
    }

    /** Presses a key where the focus is. */
    void press(Keys key) {
        driver.switchTo().activeElement().sendKeys(key);
    }

    /** Does something while the page is hidden. */
    void coverByAnotherTab(Runnable meanwhile) {
        String page = driver.getWindowHandle();
        driver.switchTo().newWindow(WindowType.TAB);
        try {
            meanwhile.run();
        } finally {
            driver.close();
            driver.switchTo().window(page);
        }
    }

    /** The whole page, also what is below the window. */
    byte[] picture() {
        Map<String, Object> picture = driver.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        return Base64.getDecoder().decode((String) picture.get("data"));
    }

    void assertNothingInTheConsole() {
        assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
                .extracting(LogEntry::getMessage)
                .isEmpty();
    }

    void assertAccessible(String as) {
        AxeRunOptions options = new AxeRunOptions();
        options.setResultTypes(List.of("violations")); // or axe tells of each element that is right, which takes it as long again
        // Pages here have no frames, and the other mode opens a window to gather what frames have told.
        List<Rule> violations =
                new AxeBuilder().withOptions(options).setLegacyMode().analyze(driver).getViolations();
        assertThat(violations)
                .as(as)
                .extracting(rule -> rule.getId() + ": " + rule.getHelp() + " " + rule.getNodes())
                .isEmpty();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
