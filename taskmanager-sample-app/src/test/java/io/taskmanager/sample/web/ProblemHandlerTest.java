package io.taskmanager.sample.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What a client is told of errors whose messages are not the service's own. */
class ProblemHandlerTest {

    private final ProblemHandler handler = new ProblemHandler();

    @Test
    void whatAnotherErrorSaysStaysInTheLog() {
        SQLException cause = new SQLException("can't open /home/me/data/catalog.mv.db");

        assertThat(detail(new ResourceCreationException("no session: " + cause, cause)))
                .contains("/actuator/health")
                .doesNotContain("/home/me");
    }

    @Test
    void whatTheTaskManagerItselfSaysIsToldOn() {
        assertThat(detail(new TaskRejectedException(Reason.QUEUE_FULL, "the main lane is full: active=2")))
                .isEqualTo("the main lane is full: active=2");
    }

    private String detail(RuntimeException e) {
        return String.valueOf(handler.busy(e).getBody().getDetail());
    }
}
