package io.taskmanager.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.benchmarks.Aim.Figure;
import io.taskmanager.benchmarks.Aim.Measure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AimsTest {

    private final ByteArrayOutputStream page = new ByteArrayOutputStream();
    private final Report report = new Report(new PrintStream(page, true, StandardCharsets.UTF_8), List.of("submit"), 1);

    @Test
    void leavesOutWhatWasNotRun() {
        assertThat(Aims.markdown(report)).isEmpty();
    }

    @Test
    void comparesWhatWasRun() {
        Table table = new Table("Speed", "million tasks/s", true);
        table.add(Rival.TASK_MANAGER.title(), new Sample(new double[] {6}));
        table.add(Rival.EXECUTOR.title(), new Sample(new double[] {4}));
        report.add("submit", table);
        assertThat(Aims.markdown(report)).isEqualTo("""
                ### Aims

                | work, ours | against | aim | measured, ours to theirs | met |
                |---|---|---|---|---|
                | submit to complete, empty task, async | `ThreadPoolExecutor`, `execute` | ≥ 0.90 × | 1.50 × | yes |

                """);
    }

    @Test
    void comparesTheTimeOfACallWithTheFloor() {
        Table table = new Table("Speed", "million calls/s", true);
        table.add(Rival.TASK_MANAGER.callTitle(), new Sample(new double[] {10}));
        table.add(Borrow.FLOOR.title(), new Sample(new double[] {20}));
        report.add("call", table);
        assertThat(Aims.markdown(report))
                .contains(
                        "| blocking call, a worker idle | two looks at the clock and the work | ≤ 2.30 × | 2.00 × | yes |");
    }

    @Test
    void comparesWithNobodyWhereTheAimIsAFigure() {
        Table table = new Table("Memory", "bytes", false);
        table.add(Rival.TASK_MANAGER.title(), new Sample(new double[] {148}));
        report.add("memory queued", table);
        assertThat(Aims.markdown(report)).contains("| memory of a queued task |  | ≤ 100 bytes | 148 bytes | no |");
    }

    @Test
    void comparesCosts() {
        Aim aim = new Aim("a task", Figure.given(12), "theirs", Figure.given(10), Measure.RATIO, false, 1.2);
        assertThat(aim.markdown(report)).contains("| a task | theirs | ≤ 1.20 × | 1.20 × | yes |\n");
    }

    @Test
    void comparesDifferences() {
        Aim aim = new Aim("a start", Figure.given(900), "theirs", Figure.given(700), Measure.MILLIS_MORE, false, 150);
        assertThat(aim.markdown(report)).contains("| a start | theirs | ≤ 150 ms more | 200 ms more | no |\n");
    }

    @Test
    void printsNothingButMarkdown() {
        report.add("submit", tableOfOne());
        report.note("A note.");
        assertThat(page.toString(StandardCharsets.UTF_8))
                .startsWith("### Title\n")
                .endsWith("|  |\n\nA note.\n\n");
    }

    @Test
    void wantsAllUnlessTold() {
        assertThat(report.isWanted("submit")).isTrue();
        assertThat(report.isWanted("call")).isFalse();
        assertThat(new Report(System.out, List.of(), 1).isWanted("call")).isTrue();
    }

    private static Table tableOfOne() {
        Table table = new Table("Title", "µs", false);
        table.add("ours", new Sample(new double[] {1}));
        return table;
    }
}
