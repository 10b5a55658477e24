package io.taskmanager.spring.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page of recipes shows all code and settings of the recipes, as they are compiled and run, and they are short. */
class RecipesPageTests {

    private static final Path RECIPES = Path.of("../taskmanager-consumer-tests/recipes");
    private static final int LINES = 60;
    private static final int COLUMNS = 120;
    private static final Pattern COMMENT = Pattern.compile("\\s*(//|/\\*|\\*)");

    static Stream<Path> recipes() throws IOException {
        try (Stream<Path> folders = Files.list(RECIPES)) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve("src/test"))).sorted().toList().stream();
        }
    }

    @Test
    void the_page_shows_the_code_and_nothing_else() throws IOException {
        assertThat(Page.RECIPES.blocks("java"))
                .containsExactlyInAnyOrderElementsOf(
                        recipes().flatMap(recipe -> code(recipe).stream()).toList());
        assertThat(Page.RECIPES.blocks("yaml"))
                .containsExactlyInAnyOrderElementsOf(
                        recipes().flatMap(recipe -> settings(recipe).stream()).toList());
    }

    /** All that a user writes, the settings included. */
    @ParameterizedTest
    @MethodSource("recipes")
    void a_recipe_is_short(Path recipe) {
        assertThat(Stream.concat(code(recipe).stream(), settings(recipe).stream())
                        .flatMap(String::lines)
                        .filter(line ->
                                !line.isBlank() && !COMMENT.matcher(line).lookingAt()))
                .hasSizeLessThan(LINES)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void the_page_links_to_a_recipe(Path recipe) {
        assertThat(Page.RECIPES.text())
                .contains("](../taskmanager-consumer-tests/recipes/" + recipe.getFileName() + ")");
    }

    /** What follows the imports, in each source. */
    private static List<String> code(Path recipe) {
        return files(recipe.resolve("src/main/java")).stream()
                .map(file -> Page.read(file).replaceFirst("(?s)^.*\nimport [^\n]*;\n\n", ""))
                .toList();
    }

    private static List<String> settings(Path recipe) {
        return files(recipe.resolve("src/main/resources")).stream()
                .map(Page::read)
                .toList();
    }

    private static List<Path> files(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
