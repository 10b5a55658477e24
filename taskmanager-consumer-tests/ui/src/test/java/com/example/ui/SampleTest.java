package com.example.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample's own page, with gallery and panel, as people see it. One process and one browser for all of it. */
class SampleTest {

    @TempDir
    static Path folder;

    private static Sample sample;
    private static Browser browser;

    @BeforeAll
    static void open() throws IOException {
        sample = new Sample(folder);
        browser = new Browser(folder.resolve("profile"));
        browser.open(sample.url());
    }

    @AfterAll
    static void close() {
        browser.close();
        sample.close();
    }

    @Test
    void showsPhotosAndManagersAtWork() throws IOException {
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

        for (String theme : new String[] {"light", "dark"}) {
            browser.prefer(theme);
            for (int width : new int[] {390, 1280}) {
                browser.resize(width, 900);
                browser.await("no scrolling sideways", () -> (Boolean) browser.script(
                        "return document.documentElement.scrollWidth <= window.innerWidth"));
                browser.assertAccessible(theme + ", " + width);
            }
        }
        browser.assertNothingInTheConsole();
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
