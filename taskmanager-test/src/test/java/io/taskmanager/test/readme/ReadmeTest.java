package io.taskmanager.test.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README shows of this module is what this package compiles and runs. */
class ReadmeTest {

    private static final Path SOURCE = Path.of("src/test/java/io/taskmanager/test/readme/ThumbnailsTest.java");

    @Test
    void theExampleIsCompiled() throws IOException {
        Matcher example = Pattern.compile("\n## Testing\n.*?```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../README.md")));
        assertThat(example.find()).isTrue();
        assertThat(squeeze(Files.readString(SOURCE))).contains(squeeze(example.group(1)));
    }

    private static String squeeze(String text) {
        return text.replaceAll("\\s+", "");
    }
}
