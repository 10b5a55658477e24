package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of promises, as far as it is about durable tasks, names tests that exist, at least one in each row. */
class DurablePromisesTests {

    private static final Path PAGE = Path.of("..", "docs", "promises.md");
    private static final List<Path> TESTS =
            List.of(Path.of("src", "test", "java"), Path.of("..", "taskmanager-test", "src", "test", "java"));
    private static final Pattern NAMED = Pattern.compile("`(\\w+Tests?)#(\\w+)`");

    @Test
    void namesATestInEachRow() throws IOException {
        assertThat(rows())
                .hasSizeGreaterThan(20)
                .allSatisfy(row -> assertThat(row).containsPattern(NAMED));
    }

    @Test
    void namesTestsThatExist() throws IOException {
        List<String> unknown = rows().stream()
                .flatMap(row -> NAMED.matcher(row).results())
                .filter(test -> !exists(test.group(1), test.group(2)))
                .map(MatchResult::group)
                .toList();

        assertThat(unknown).isEmpty();
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals("## What durable tasks promise"))
                .filter(line -> line.startsWith("| ") && !line.startsWith("| promise |"))
                .toList();
    }

    /** By its text, as the tests of another module can't be loaded here. */
    private static boolean exists(String simpleName, String test) {
        Pattern method = Pattern.compile("Test(\\([^)]*\\))?\\s+(@\\w+.*\\s+)?void " + test + "\\(");
        return TESTS.stream().flatMap(DurablePromisesTests::files).anyMatch(file -> {
            try {
                return file.endsWith(simpleName + ".java")
                        && method.matcher(Files.readString(file)).find();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
