package com.example.pipes;

import static com.example.tools.Answers.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.tools.Answers;
import com.example.tools.Census;
import com.example.tools.Signal;
import io.taskmanager.RetriesExhaustedException;
import io.taskmanager.Task;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.engine.TaskManagers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe with the program bc, which is killed, frozen, kept busy for ever, and taken away. */
class CalculatorTest {

    private static final int WORKERS = 2;
    private static final Path BC = Path.of("/usr/bin/bc");
    private static final Task<Calculator, Object> ASK = (context, bc) -> {
        assertThat(bc.ask(context, "6 * 7")).isEqualTo("42");
        return "done";
    };

    @TempDir
    Path folder;

    private Path program;
    private Census census;
    private TaskManager<Calculator, Object> calculators;
    private Answers<Calculator> answers;

    @BeforeEach
    void start() throws IOException {
        program = Files.createSymbolicLink(folder.resolve("bc"), BC);
        census = new Census();
        calculators = TaskManagers.create(Calculator.settings(census.counted(Calculator.factory(program)))
                .taskTimeout(Duration.ofSeconds(2))
                .build());
        answers = new Answers<>(calculators);
    }

    @AfterEach
    void stop() {
        try {
            answers.await();
        } finally {
            calculators.close();
        }
        answers.checkOneEach();
        assertThat(census.most()).isLessThanOrEqualTo(WORKERS);
        assertThat(census.living()).isZero();
        assertThat(programs()).isEmpty();
    }

    @Test
    void anErrorThatTheProgramTellsIsNoFaultOfIt() {
        awaitPrograms();
        for (String wrong : List.of("1 / 0", "(((", "sqrt(-1)")) {
            answers.ask(2, (context, bc) -> bc.ask(context, wrong));
        }
        answers.ask(10, ASK);
        answers.await();

        assertThat(answers.errors())
                .hasSize(6)
                .allSatisfy(error -> assertThat(error)
                        .isInstanceOf(TaskExecutionException.class)
                        .hasCauseInstanceOf(IllegalArgumentException.class));
        assertThat(census.created()).isEqualTo(WORKERS);
    }

    @Test
    void killedProgramsAreReplaced() throws Exception {
        answers.ask(10, ASK);
        awaitPrograms();
        send(Signal.KILL);
        answers.ask(10, ASK);
        worksAgain();
        assertThat(answers.errors()).isEmpty();
    }

    @Test
    void aProgramThatDiesUnderItsTaskIsReplaced() {
        answers.ask(WORKERS, (context, bc) -> {
            if (context.attempt() == 1) {
                Signal.KILL.send(bc.process().toHandle());
            }
            return bc.ask(context, "1");
        });
        worksAgain();
        assertThat(answers.errors()).isEmpty();
        assertThat(calculators.metrics().totalTasksRetried()).isEqualTo(WORKERS);
    }

    @Test
    void frozenProgramsAreReplaced() throws Exception {
        awaitPrograms();
        send(Signal.STOP);
        answers.ask(10, ASK);
        worksAgain();
        assertThat(answers.errors())
                .hasSizeBetween(1, WORKERS)
                .allSatisfy(error -> assertThat(error).isInstanceOf(TaskTimeoutException.class));
    }

    @Test
    void anEndlessQuestionEndsWithItsProgram() {
        answers.ask(1, (context, bc) -> bc.ask(context, "while (1) {}"));
        worksAgain();
        assertThat(answers.errors()).singleElement().isInstanceOf(TaskTimeoutException.class);
        assertThat(calculators.metrics().totalTasksRetried()).isZero();
    }

    @Test
    void aQuestionThatEndsEachProgramIsAskedTwice() {
        answers.ask(1, (context, bc) -> bc.ask(context, "quit"));
        worksAgain();
        assertThat(answers.errors()).singleElement().isInstanceOf(RetriesExhaustedException.class);
        assertThat(calculators.metrics().totalTasksRetried()).isEqualTo(1);
    }

    @Test
    void aProgramThatIsMissingIsNotTriedUntilItIsThere() throws Exception {
        awaitPrograms();
        Files.delete(program);
        send(Signal.KILL);
        answers.ask(10, ASK);
        awaitUntil("the manager is in an outage", calculators.control()::isOutage);
        Files.createSymbolicLink(program, BC);
        calculators.control().probe();
        worksAgain();
        assertThat(answers.errors()).isEmpty();
    }

    private static void send(Signal signal) throws IOException, InterruptedException {
        for (ProcessHandle bc : programs()) {
            signal.send(bc);
        }
    }

    /** Each worker has its program, and there is no other. */
    private static void awaitPrograms() {
        awaitUntil("each worker has its program", () -> programs().size() == WORKERS);
    }

    private static List<ProcessHandle> programs() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").equals(BC.toString()))
                .toList();
    }

    private void worksAgain() {
        answers.ask(10, ASK);
        answers.await();
        awaitPrograms();
    }
}
