package com.example.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
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

    private static final int BASE_WORKERS = 2;

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

        browser.choose("[data-action=upload]", picture("meadow.png", Color.GREEN));

        browser.await("the photo", () -> browser.find("[data-photos] li span").getText().equals("meadow.png"));
        assertThat(browser.find("[data-uploads] li").getAttribute("data-result")).isEqualTo("done");
        browser.await("its picture", () -> (Boolean)
                browser.script("return document.querySelector('[data-photos] img').naturalWidth > 0"));

        long before = number("completed");
        browser.click("[data-action=import]");

        browser.await("that it says so", () -> browser.find("[data-value=import]").getText().contains("of 200 imported"));
        browser.await("more tasks", () -> number("completed") > before + 20);
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
        picture("album/river.png", Color.BLUE);
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

    @Test
    @Order(3) // after the import of the first
    void turnsPagesWhereThereAreMorePhotosThanOneHolds() {
        browser.open(sample.url());
        awaitTheEndOfTheImport();
        browser.await("the first page", () -> pageSays("Page 1 of ") && photos().size() == 24);
        assertThat(browser.find("[data-action=previous-page]").getAttribute("aria-disabled")).isEqualTo("true");
        List<String> latest = photos();

        browser.click("[data-action=next-page]");

        browser.await("the second page", () -> pageSays("Page 2 of ") && !photos().equals(latest));
        assertThat(photos()).isNotEmpty().doesNotContainAnyElementsOf(latest);

        browser.click("[data-action=previous-page]");

        browser.await("the first page again", () -> pageSays("Page 1 of ") && photos().equals(latest));
        browser.assertNothingInTheConsole();
    }

    @Test
    @Order(4)
    void takesAPictureThatIsDropped() throws IOException {
        String bytes = Base64.getEncoder().encodeToString(Files.readAllBytes(picture("dropped.png", Color.ORANGE)));
        browser.open(sample.url());
        browser.await("photos", () -> !photos().isEmpty());

        browser.script("""
                const bytes = Uint8Array.from(atob(arguments[0]), character => character.charCodeAt(0));
                const data = new DataTransfer();
                data.items.add(new File([bytes], "dropped.png", { type: "image/png" }));
                document.querySelector("[data-drop]").dispatchEvent(
                  new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));""", bytes);

        browser.await("the photo", () -> browser.find("[data-photos] li span").getText().equals("dropped.png"));
        assertThat(browser.find("[data-uploads] li").getText()).contains("dropped.png", "added");
        browser.assertNothingInTheConsole();
    }

    @Test
    @Order(5)
    void showsThatASlowDiskHoldsTheImportBackAndBringsWorkers() {
        browser.open(sample.url());
        awaitTheEndOfTheImport();
        browser.await("the base alone", () -> number("active") == BASE_WORKERS && number("main") == 0);

        browser.click("[data-action=slow-disk]");

        browser.await("more workers", () -> number("active") > BASE_WORKERS);
        browser.await("photos that wait, and why", () -> number("main") > 0
                && browser.value("images", "why").matches(".*tasks wait.*workers are busy.*"));
        assertThat(browser.find("[data-value=slow-disk]").getText()).startsWith("on, each write takes 100 ms longer");
        browser.assertNothingInTheConsole();
    }

    @Test
    @Order(6) // leaves an outage behind, which ends by itself
    void showsRetriesAndAnOutageWhenProcessorsBreak() {
        browser.open(sample.url());
        browser.await("live", () -> browser.find("[data-value=connection]").getText().equals("live"));
        long before = number("retried");

        browser.click("[data-action=break-processors]");

        browser.await("retries", () -> number("retried") > before);
        browser.await("the outage", () -> browser.value("images", "state").equals("RUNNING, NO WORKER"));
        assertThat(browser.value("images", "why")).contains("no resource can be created");
        browser.await("tasks in a lane", () -> number("main") + number("retry") > 0);
        assertThat(browser.find("[data-value=break-processors]").getText()).contains("no processor can be made");
        browser.assertNothingInTheConsole();
    }

    private static void awaitTheEndOfTheImport() {
        browser.await("the end of the import", () -> browser.find("[data-action=import]")
                .getAttribute("aria-disabled")
                .equals("false"));
    }

    private static boolean pageSays(String beginning) {
        return browser.find("[data-value=page]").getText().startsWith(beginning);
    }

    /** Their ids. */
    private static List<String> photos() {
        return browser.all("[data-photos] li").stream()
                .map(photo -> photo.getAttribute("data-photo"))
                .toList();
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

    /** Of the manager "images"; less than any if the panel has none yet. */
    private static long number(String value) {
        String shown = browser.value("images", value).replace(",", "");
        return shown.equals("–") ? -1 : Long.parseLong(shown);
    }

    /** The same in each colour, and so the same photo. */
    private static Path picture(String name, Color color) throws IOException {
        BufferedImage image = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.dispose();
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }
}
