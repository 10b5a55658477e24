package io.taskmanager.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** The starter's part of the page of promises names tests that exist, at least one in each row. */
class StarterPromisesTest {

    private static final Path PAGE = Path.of("..", "docs", "promises.md");
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Pattern NAMED = Pattern.compile("`(\\w+Tests?)#(\\w+)`");

    @Test
    void namesATestInEachRow() throws IOException {
        assertThat(rows())
                .hasSizeGreaterThan(30)
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
                .dropWhile(line -> !line.equals("## What the starter promises"))
                .takeWhile(line -> !line.equals("## What durable tasks promise"))
                .filter(line -> line.startsWith("| ") && !line.startsWith("| promise |"))
                .toList();
    }

    private static boolean exists(String simpleName, String test) {
        try (Stream<Path> sources = Files.walk(TESTS)) {
            return sources.filter(source -> source.endsWith(simpleName + ".java"))
                    .map(source -> TESTS.relativize(source).toString().replaceAll("\\.java$", ""))
                    .flatMap(name ->
                            Arrays.stream(load(name.replaceAll("[/\\\\]", ".")).getDeclaredMethods()))
                    .anyMatch(method ->
                            method.getName().equals(test) && AnnotationSupport.isAnnotated(method, Testable.class));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
