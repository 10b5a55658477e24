package io.taskmanager.spring.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.autoconfigure.TaskManagerAutoConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The examples of the pages are what is compiled and run, imports and all; and what is to be depended on is what there is. */
class ExamplesTests {

    private static final List<Path> SOURCES = List.of(
            Path.of("src/test/java/io/taskmanager/spring/readme"),
            Path.of("../taskmanager-test/src/test/java"),
            Path.of("../taskmanager-durable/src/test/java/io/taskmanager/durable/readme"),
            Path.of("../taskmanager-consumer-tests/usage/src/main"));

    private static final Pattern IN_MAVEN = Pattern.compile(
            "<groupId>(.*?)</groupId>\\s*<artifactId>(.*?)</artifactId>(?:\\s*<version>(.*?)</version>)?");
    private static final Pattern IN_GRADLE = Pattern.compile("\\w+\\(\"(.*?):(.*?)(?::(.*?))?\"\\)");

    static Stream<Page> pages() {
        return Stream.of(Page.README, Page.USAGE, Page.TESTING, Page.MIGRATION, Page.DURABLE);
    }

    /** Those of durable tasks are tried by their own module. */
    static Stream<String> settings() {
        return pages().filter(page -> !page.equals(Page.DURABLE)).flatMap(page -> page.blocks("yaml").stream());
    }

    static Stream<MatchResult> dependencies() {
        return pages().flatMap(page -> Stream.concat(
                page.blocks("xml").stream()
                        .flatMap(block -> IN_MAVEN.matcher(block).results()),
                page.blocks("kotlin").stream()
                        .flatMap(block -> IN_GRADLE.matcher(block).results())));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_example_is_a_whole_source_but_for_its_package(Page page) {
        List<String> examples = Stream.of("java", "kotlin")
                .flatMap(language -> page.blocks(language).stream())
                .filter(example -> !example.startsWith("dependencies {"))
                .toList();

        assertThat(examples).hasSizeGreaterThan(1);
        assertThat(sources()).containsAll(examples);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void the_settings_are_those_of_managers(String yaml) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
                .withUserConfiguration(ImagesConfiguration.class)
                .withInitializer(
                        context -> context.getEnvironment().getPropertySources().addFirst(Application.load(yaml)))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(TaskManagerRegistry.class).names())
                            .contains("images");
                });
    }

    @ParameterizedTest
    @MethodSource("dependencies")
    void the_dependencies_are_modules_that_are_published(MatchResult dependency) {
        String parent = Page.read(Path.of("../pom.xml"));
        String module = Page.read(Path.of("..", dependency.group(2), "pom.xml"));

        assertThat(dependency.group(1)).isEqualTo(element("groupId", parent));
        assertThat(module)
                .contains("<artifactId>" + dependency.group(2) + "</artifactId>")
                .doesNotContain("<unpublished>true");
        if (dependency.group(3) != null) {
            assertThat(dependency.group(3)).isIn(element("version", parent), element("last-release.version", parent));
        }
    }

    @Test
    void each_module_for_users_is_shown_for_maven_and_for_gradle() {
        assertThat(dependencies().map(dependency -> dependency.group(2)))
                .containsOnly("taskmanager-spring-boot-starter", "taskmanager-test", "taskmanager-durable")
                .hasSizeGreaterThanOrEqualTo(6);
    }

    private static List<String> sources() {
        return SOURCES.stream()
                .flatMap(folder -> {
                    try (Stream<Path> files = Files.walk(folder)) {
                        return files.filter(Files::isRegularFile).toList().stream();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .map(file -> Page.read(file).replaceFirst("^package .*\n\n", ""))
                .toList();
    }

    private static String element(String name, String pom) {
        return pom.replaceFirst("(?s)^.*?<" + name + ">(.*?)</.*$", "$1");
    }
}
