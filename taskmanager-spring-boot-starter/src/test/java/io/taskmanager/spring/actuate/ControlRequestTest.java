package io.taskmanager.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;

import io.taskmanager.TaskManagerControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a write may ask, and what the refusal of all else says. */
class ControlRequestTest {

    private final TaskManagerControl control = mock(TaskManagerControl.class);

    @Test
    void each_action_calls_its_own_method() {
        ControlRequest.of("pause", null, null).applyTo(control);
        verify(control).pause();
        ControlRequest.of("resume", null, null).applyTo(control);
        verify(control).resume();
        ControlRequest.of("recycle", null, null).applyTo(control);
        verify(control).recycle();
        ControlRequest.of("probe", null, null).applyTo(control);
        verify(control).probe();
        ControlRequest.of("resize", "3", "5").applyTo(control);
        verify(control).resize(3, 5);
        verifyNoMoreInteractions(control);
    }

    @Test
    void a_missing_action_is_named_with_those_there_are() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ControlRequest.of(null, null, null))
                .withMessage("action is missing; it must be one of pause, resume, resize, recycle, probe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "PAUSE", " pause", ""})
    void an_unknown_action_is_named_with_those_there_are(String action) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ControlRequest.of(action, null, null))
                .withMessage("action must be one of pause, resume, resize, recycle, probe, but was '" + action + "'");
    }

    @Test
    void resize_needs_both_numbers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ControlRequest.of("resize", null, "5"))
                .withMessage(
                        "workerCount is missing; resize takes workerCount and maxWorkerCount, both whole numbers from 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ControlRequest.of("resize", "5", null))
                .withMessageStartingWith("maxWorkerCount is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "", "1.5", "2147483648", "1,2"})
    void resize_refuses_what_is_no_whole_number(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ControlRequest.of("resize", "1", value))
                .withMessage("maxWorkerCount must be a whole number from 1, but was '" + value + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "recycle", "probe"})
    void the_others_refuse_a_number(String action) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ControlRequest.of(action, "4", null))
                .withMessage("workerCount must be left out, since only resize takes it and the action is " + action
                        + ", but was '4'");
        assertThat(ControlRequest.of(action, null, null).values()).isEmpty();
    }
}
