package io.taskmanager.spring.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

/** The page's files are in a native image. */
class HintsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"index.html", "app.js", "style.css", "icon.svg", "uplot.js", "uplot.css", "uplot-license.txt"})
    void hasTheFiles(String file) {
        RuntimeHints hints = new RuntimeHints();
        new TaskManagerUiEndpoint.Hints().registerHints(hints, null);

        assertThat(RuntimeHintsPredicates.resource().forResource(Asset.FOLDER + file))
                .accepts(hints);
    }
}
