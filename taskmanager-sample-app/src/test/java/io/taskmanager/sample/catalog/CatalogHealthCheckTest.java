package io.taskmanager.sample.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which errors mean that a session is broken. */
class CatalogHealthCheckTest {

    private final CatalogHealthCheck check = new CatalogHealthCheck();

    @ParameterizedTest
    @ValueSource(strings = {"08000", "08001", "08003", "08006", "90007", "90067", "90098", "90121", "57P01"})
    void aLostConnectionIsUnhealthy(String state) {
        assertThat(check.isHealthy(new SQLException("lost", state))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "42601", "22001", "40001", "57014", ""})
    void anErrorOfTheStatementIsHealthy(String state) {
        assertThat(check.isHealthy(new SQLException("wrong", state))).isTrue();
    }

    @Test
    void theStateIsFoundAnywhereAmongTheCauses() {
        Exception deep = new IllegalStateException(new IOException(new SQLException("lost", "08006")));

        assertThat(check.isHealthy(deep)).isFalse();
    }

    @Test
    void errorsWithoutAStateAreHealthy() {
        assertThat(check.isHealthy(new SQLException("no state"))).isTrue();
        assertThat(check.isHealthy(new IOException("full disk"))).isTrue();
    }

    @Test
    void aCircleOfCausesComesToAnEnd() {
        Exception first = new Exception("first");
        first.initCause(new Exception("second", first));

        assertThat(check.isHealthy(first)).isTrue();
    }
}
