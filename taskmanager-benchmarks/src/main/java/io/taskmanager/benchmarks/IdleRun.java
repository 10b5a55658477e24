package io.taskmanager.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.taskmanager.benchmarks.Rival.Subject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * What a JVM spends when nothing happens, in percent of a core: once its 50 workers have run tasks, and what they started
 * has come to rest. Argument: the rival, or {@code none} for the JVM alone.
 */
final class IdleRun {

    /** The JDK tells CPU time in ticks of 10 ms, which over so long is less than 0.02 %. */
    private static final Duration MEASURED = Duration.ofSeconds(60);

    private static final Duration SETTLING = Duration.ofSeconds(15);
    private static final int WORKERS = 50;
    private static final int TASKS = 100_000;

    private IdleRun() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("none")) {
            tellUse();
        } else {
            try (Subject subject = Rival.valueOf(args[0]).start(WORKERS, TASKS)) {
                CountDownLatch left = new CountDownLatch(TASKS);
                for (int i = 0; i < TASKS; i++) {
                    subject.submit(Job.counting(1, left));
                }
                left.await();
                tellUse();
            }
        }
    }

    private static void tellUse() throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Thread.sleep(SETTLING.toMillis());
        long start = System.nanoTime();
        long used = system.getProcessCpuTime();
        Thread.sleep(MEASURED.toMillis());
        used = system.getProcessCpuTime() - used;
        Jvm.tell("percent", 100.0 * used / (System.nanoTime() - start));
    }
}
