package com.example.ui;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Takes the pictures of the README, with {@code -Dpictures=FOLDER}: five minutes of work, or the charts were half empty. */
@EnabledIfSystemProperty(named = "pictures", matches = ".+")
class PicturesTest extends PageFixture {

    @Test
    void takesPictures() throws IOException, InterruptedException {
        String url = start(
                WRITES,
                "--taskmanager.managers.images.max-worker-count=8",
                "--taskmanager.managers.images.scale-down-delay=5s");
        try (Waves unused = new Waves(images)) {
            while (sampled() < 295) {
                Thread.sleep(1_000);
            }
            for (String theme : new String[] {"light", "dark"}) {
                browser.prefer(theme);
                browser.open(url + PAGE + "#images");
                browser.await("live", () -> status().equals("live"));
                awaitSamples(2);
                browser.script("document.querySelector('.why').style.minHeight = ''");
                Path folder = Path.of(System.getProperty("pictures"));
                Files.createDirectories(folder);
                Files.write(folder.resolve("page-" + theme + ".png"), browser.picture());
                browser.clear();
            }
        } finally {
            browser.prefer("light");
        }
    }

    private int sampled() {
        return data().managers().get("images").samples().size();
    }
}
