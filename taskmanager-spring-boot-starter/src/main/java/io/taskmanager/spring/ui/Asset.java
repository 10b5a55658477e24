package io.taskmanager.spring.ui;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.MimeType;

/** The page's files: these are served, and nothing else. */
enum Asset {
    STYLE("style.css", "text/css"),
    SCRIPT("app.js", "text/javascript"),
    ICON("icon.svg", "image/svg+xml"),
    CHARTS("uplot.js", "text/javascript"),
    CHARTS_STYLE("uplot.css", "text/css"),
    CHARTS_LICENSE("uplot-license.txt", "text/plain");

    static final String FOLDER = "io/taskmanager/spring/ui/";

    private final String file;
    private final MimeType type;

    Asset(String file, String type) {
        this.file = file;
        this.type = new MimeType(MimeType.valueOf(type), StandardCharsets.UTF_8);
    }

    static Optional<Asset> named(String file) {
        return Arrays.stream(values()).filter(asset -> asset.file.equals(file)).findFirst();
    }

    MimeType type() {
        return type;
    }

    String read() {
        return read(file);
    }

    /** @throws UncheckedIOException if it is not in the jar */
    static String read(String file) {
        try {
            return new ClassPathResource(FOLDER + file, Asset.class.getClassLoader())
                    .getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
