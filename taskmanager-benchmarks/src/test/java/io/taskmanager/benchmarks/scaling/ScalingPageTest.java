package io.taskmanager.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/scaling.md} says of the default policy. */
class ScalingPageTest {

    private static final List<Comparison> COMPARISONS =
            Traces.all().stream().map(Comparison::on).toList();

    private final ScalingPage page = new ScalingPage(Path.of("../docs"));

    static Stream<Comparison> comparisons() {
        return COMPARISONS.stream();
    }

    @ParameterizedTest
    @MethodSource("comparisons")
    void theDefaultPolicyIsOnTheParetoFront(Comparison comparison) {
        Outcome ours = comparison.outcomes().get(Rule.DEFAULT);

        assertThat(comparison.outcomes().values()).noneMatch(rival -> rival.dominates(ours));
        assertThat(comparison.fixed()).noneMatch(rival -> rival.dominates(ours));
    }

    @ParameterizedTest
    @MethodSource("comparisons")
    void thePageShowsWhatTheSimulationGives(Comparison comparison) throws IOException {
        String text = Files.readString(page.page());

        assertThat(ScalingPage.renew(text, comparison.trace().name(), comparison.table()))
                .as("the page is out of date, see CONTRIBUTING.md")
                .isEqualTo(text);
        assertThat(page.chart(comparison.trace())).hasContent(comparison.chart());
    }

    @Test
    void aTraceWithoutMarksIsRefused() {
        assertThatThrownBy(() -> ScalingPage.renew("no marks", "step", "a table"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("step");
    }
}
