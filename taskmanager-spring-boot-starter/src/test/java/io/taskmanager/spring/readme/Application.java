package io.taskmanager.spring.readme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.core.io.support.PropertySourceFactory;
import org.springframework.scheduling.annotation.EnableAsync;

/** The application of a reader who has copied each example of README and usage page, with the settings of the README. */
@SpringBootApplication
@EnableAsync
@PropertySource(value = "file:../README.md", factory = Application.QuickStart.class)
class Application {

    static class QuickStart implements PropertySourceFactory {
        @Override
        public org.springframework.core.env.PropertySource<?> createPropertySource(
                String name, EncodedResource readme) {
            return load(Page.README.blocks("yaml").get(0));
        }
    }

    static org.springframework.core.env.PropertySource<?> load(String yaml) {
        try {
            return new YamlPropertySourceLoader()
                    .load("example", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
