package com.example.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;

/** The pages of the sample, as people see them. One process and one browser for all of it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SampleTest {

    @TempDir
    static Path folder;

    private static Sample sample;
    private static Browser browser;

    @BeforeAll
    static void open() throws IOException {
        sample = new Sample(folder);
        browser = new Browser(folder.resolve("profile"));
    }

    @BeforeEach
    void clear() {
        browser.clear();
    }

    @AfterAll
    static void close() {
        browser.close();
        sample.close();
    }

    @Test
    @Order(1) // begins without a photo
    void showsPhotosAndManagersAtWork() throws IOException {
        browser.open(sample.url());
        browser.await("live", () -> browser.find("[data-value=connection]").getText().equals("live"));
        browser.await("no photo", () -> browser.find("[data-value=total]").getText().equals("0 photos"));

        browser.choose("[data-action=upload]", picture("meadow.png"));

        browser.await("the photo", () -> browser.find("[data-photos] li span").getText().equals("meadow.png"));
        assertThat(browser.find("[data-uploads] li").getAttribute("data-result")).isEqualTo("done");
        browser.await("its picture", () -> (Boolean)
                browser.script("return document.querySelector('[data-photos] img').naturalWidth > 0"));

        long before = completed();
        browser.click("[data-action=import]");

        browser.await("that it says so", () -> browser.find("[data-value=import]").getText().contains("of 200 imported"));
        browser.await("more tasks", () -> completed() > before + 20);
        browser.await("a rate", () -> Double.parseDouble(browser.value("images", "throughput")) > 0);
        browser.await("more photos", () -> browser.all("[data-photos] li").size() > 1);

        assertAccessible();
        browser.assertNothingInTheConsole();
    }

    /** On the full page, in a section that is there where the endpoint is. */
    @Test
    @Order(2)
    void showsDurableTasks() throws Exception {
        Files.createDirectory(folder.resolve("album"));
        picture("album/river.png");
        HttpResponse<String> accepted = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(sample.url() + "imports?durable=true"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"folder\": \"album\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);

        browser.open(sample.url() + "actuator/taskmanagerui");

        browser.await("both tasks", () -> browser.all("[data-durable-types] tbody tr").stream()
                .map(WebElement::getText)
                .toList()
                .equals(List.of("import-folder 0 0 1 0 0 0 0", "import-photo 0 0 1 0 0 0 0")));
        assertThat(browser.find("[data-value=durable-queued]").getText()).isEqualTo("0");
        assertAccessible();
        browser.assertNothingInTheConsole();
    }

    private static void assertAccessible() {
        for (String theme : new String[] {"light", "dark"}) {
            browser.prefer(theme);
            for (int width : new int[] {390, 1280}) {
                browser.resize(width, 900);
                browser.await("no scrolling sideways", () -> (Boolean) browser.script(
                        "return document.documentElement.scrollWidth <= window.innerWidth"));
                browser.assertAccessible(theme + ", " + width);
            }
        }
    }

    private static long completed() {
        return Long.parseLong(browser.value("images", "completed").replace(",", ""));
    }

    private static Path picture(String name) throws IOException {
        Path file = folder.resolve(name);
        ImageIO.write(new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        return file;
    }
}
