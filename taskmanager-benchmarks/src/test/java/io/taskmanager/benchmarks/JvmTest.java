package io.taskmanager.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JvmTest {

    @Test
    void findsWhatWasMeasuredAmongTheLog() {
        assertThat(Jvm.parse("INFO: started\nmeasured p99=1.5\nmeasured millis=3\nINFO: ended\n"))
                .isEqualTo(Map.of("p99", 1.5, "millis", 3.0));
    }

    @Test
    void runsAMainClass() throws Exception {
        assertThat(Jvm.start(Measuring.class, 42).measured()).isEqualTo(Map.of("answer", 42.0));
    }

    @Test
    void tellsWhatAFailedOneSaid() throws Exception {
        Jvm failing = Jvm.start(Measuring.class, "no number");
        assertThatThrownBy(failing::measured)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no number");
    }

    static final class Measuring {

        public static void main(String[] args) {
            Jvm.tell("answer", Double.parseDouble(args[0]));
        }
    }
}
