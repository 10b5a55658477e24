package io.taskmanager.sample.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/** The most heap that was in use. */
final class HeapPeak {

    private HeapPeak() {}

    /** In megabytes; the sum over the heap's parts, whose peaks need not have met, so the true one may be lower. */
    static long megabytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(HeapPeak::peak)
                        .sum()
                >> 20;
    }

    private static long peak(MemoryPoolMXBean pool) {
        return pool.getPeakUsage().getUsed();
    }
}
