package io.taskmanager.benchmarks;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** What several runs of the same measured; the first is never empty. */
record Sample(double[] values) {

    Sample {
        values = values.clone();
        Arrays.sort(values);
        if (values.length == 0) {
            throw new IllegalArgumentException("no run");
        }
    }

    double median() {
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    double least() {
        return values[0];
    }

    double greatest() {
        return values[values.length - 1];
    }

    Sample times(double factor) {
        return new Sample(DoubleStream.of(values).map(value -> value * factor).toArray());
    }
}
