package io.taskmanager.test.slice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of testing shows a test that is run. */
class TestingPageTest {

    @Test
    void showsATestThatIsRun() throws IOException {
        String run = Files.readString(Path.of("src/test/java/io/taskmanager/test/slice/SliceTests.java"));

        assertThat(Path.of("../docs/testing.md"))
                .content()
                .contains("```java\n" + run.replaceFirst("package .*\n\n", "") + "```");
    }
}
