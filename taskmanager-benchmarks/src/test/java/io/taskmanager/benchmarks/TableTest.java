package io.taskmanager.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void comparesRates() {
        Table table = new Table("Speed", "tasks/s", true);
        table.add("ours", new Sample(new double[] {3000, 1000, 2000}));
        table.add("theirs", new Sample(new double[] {500}));
        assertThat(table.markdown()).isEqualTo("""
                ### Speed

                | who | median, tasks/s | least to greatest | ours is |
                |---|---|---|---|
                | ours | 2,000 | 1,000 to 3,000 |  |
                | theirs | 500 | 500 to 500 | 4.00 × |

                """);
    }

    @Test
    void comparesTimes() {
        Table table = new Table("Time", "µs", false);
        table.add("ours", new Sample(new double[] {2}));
        table.add("theirs", new Sample(new double[] {3}));
        assertThat(table.markdown()).contains("| theirs | 3.00 | 3.00 to 3.00 | 1.50 × |");
    }

    @Test
    void takesTheMiddleOfTwo() {
        assertThat(new Sample(new double[] {4, 1, 2, 9}).median()).isEqualTo(3);
    }

    @Test
    void refusesNothing() {
        assertThatThrownBy(() -> new Sample(new double[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsSmallNumbersToo() {
        assertThat(Table.number(0.0123)).isEqualTo("0.012");
        assertThat(Table.number(0.00123)).isEqualTo("0.0012");
    }

    @Test
    void findsARow() {
        Table table = new Table("Time", "µs", false);
        table.add("ours", new Sample(new double[] {2}));
        assertThat(table.sample("ours").map(Sample::median)).contains(2.0);
        assertThat(table.sample("theirs")).isEmpty();
    }
}
