package io.taskmanager.spring.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of observations shows code that is compiled, and a command that the contributors' page has, too. */
class ObservationPageTests {

    private static final Path PAGE = Path.of("../docs/observation.md");
    private static final Path SOURCES = Path.of("src/test/java/io/taskmanager/spring/readme");

    @Test
    void showsCodeThatIsCompiled() throws IOException {
        assertThat(blocks("java"))
                .containsExactly(
                        withoutPackage(SOURCES.resolve("ObservationConfiguration.java")),
                        withoutPackage(SOURCES.resolve("FormatConvention.java")));
    }

    @Test
    void measuresWithASectionOfTheBenchmarks() throws IOException {
        assertThat(blocks("sh")).singleElement().asString().contains("-Dbenchmarks.args=\"context\"");
        assertThat(Path.of("../CONTRIBUTING.md")).content().contains("| `context` |");
    }

    private static String withoutPackage(Path source) throws IOException {
        return Files.readString(source).replaceFirst("package .*\n\n", "");
    }

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
    }
}
