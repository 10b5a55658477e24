package io.taskmanager;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** The page of promises names tests that exist, at least one in each row, and every setting. */
class PromisesPageTest {

    private static final Path PAGE = Path.of("..", "docs", "promises.md");
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Path RACES = Path.of("..", "taskmanager-concurrency-tests", "src", "main", "java");

    /** Those that may stand for all of their tests, besides the races. */
    private static final Set<String> WHOLE_CLASSES = Set.of("RandomWalkTest");

    private static final Pattern NAMED = Pattern.compile("`(\\w+Tests?)(?:#(\\w+))?`");

    @Test
    void namesATestInEachRow() throws IOException {
        assertThat(rows())
                .hasSizeGreaterThan(80)
                .allSatisfy(row -> assertThat(row).containsPattern(NAMED));
    }

    @Test
    void namesTestsThatExist() throws IOException {
        List<String> unknown = named(String.join("\n", lines()))
                .filter(test -> test.group(2) != null)
                .filter(test -> !exists(test.group(1), test.group(2)))
                .map(MatchResult::group)
                .toList();

        assertThat(unknown).isEmpty();
    }

    @Test
    void namesWholeClassesOnlyOfRacesAndOfOnePromise() throws IOException {
        Set<String> races = sources(RACES)
                .map(source -> source.getFileName().toString().replaceAll("\\.java$", ""))
                .collect(Collectors.toSet());
        List<String> unknown = named(String.join("\n", rows()))
                .filter(test -> test.group(2) == null)
                .map(test -> test.group(1))
                .filter(name -> !races.contains(name) && !WHOLE_CLASSES.contains(name))
                .toList();

        assertThat(unknown).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(classes = {TaskManagerConfig.Builder.class, TaskOptions.Builder.class})
    void hasARowForEachSetting(Class<?> builder) throws IOException {
        List<String> settings = Arrays.stream(builder.getMethods())
                .filter(method -> method.getDeclaringClass() == builder && method.getReturnType() == builder)
                .map(Member::getName)
                .toList();
        List<String> rows = rows();

        assertThat(settings)
                .hasSizeGreaterThan(5)
                .allSatisfy(setting -> assertThat(rows)
                        .anyMatch(row ->
                                row.startsWith("| `" + setting + "` |") || row.startsWith("| `" + setting + "()` |")));
    }

    private static List<String> rows() throws IOException {
        return lines().stream()
                .filter(line ->
                        line.startsWith("| ") && !line.startsWith("| promise |") && !line.startsWith("| setting |"))
                .toList();
    }

    /** The core's part of the page; the starter looks after its own. */
    private static List<String> lines() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .takeWhile(line -> !line.equals("## What the starter promises"))
                .toList();
    }

    private static Stream<MatchResult> named(String text) {
        return NAMED.matcher(text).results();
    }

    private static boolean exists(String simpleName, String test) {
        return classesNamed(simpleName)
                .flatMap(type -> Stream.concat(
                        Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredFields())))
                .filter(member -> member.getName().equals(test))
                .anyMatch(PromisesPageTest::isTest);
    }

    /** A method that JUnit runs, or a rule of ArchUnit, which is a field. */
    private static boolean isTest(Member member) {
        return AnnotationSupport.isAnnotated((AnnotatedElement) member, Testable.class);
    }

    private static Stream<Class<?>> classesNamed(String simpleName) {
        return sources(TESTS)
                .filter(source -> source.endsWith(simpleName + ".java"))
                .map(source -> load(TESTS.relativize(source).toString()));
    }

    private static Class<?> load(String source) {
        String name = source.replace(File.separatorChar, '.').replaceAll("\\.java$", "");
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<Path> sources(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
