package com.example.day;

import java.util.ArrayList;
import java.util.List;

/** Durations in milliseconds. */
final class Distribution {

    private final List<Long> values = new ArrayList<>();

    synchronized void add(long millis) {
        values.add(millis);
    }

    synchronized long max() {
        return values.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    synchronized long above(long millis) {
        return values.stream().filter(value -> value > millis).count();
    }

    @Override
    public synchronized String toString() {
        if (values.isEmpty()) {
            return "none";
        }
        List<Long> sorted = values.stream().sorted().toList();
        return String.format(
                "%3d times, median %5d ms, p95 %5d ms, max %5d ms",
                sorted.size(), at(sorted, 0.5), at(sorted, 0.95), at(sorted, 1));
    }

    private static long at(List<Long> sorted, double quantile) {
        return sorted.get((int) Math.ceil(quantile * sorted.size()) - 1);
    }
}
