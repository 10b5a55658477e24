package io.taskmanager.benchmarks;

import io.taskmanager.benchmarks.Rival.Subject;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What stays in the heap after a collection. Arguments: {@code queued} (bytes for each task that waits behind a blocked
 * worker), {@code idle} (bytes for each of many that do nothing, before and after their first tasks) or {@code growth}
 * (bytes after few and after many tasks); and the rival.
 */
final class MemoryRun {

    private static final int QUEUED = 1_000_000;
    private static final int IDLE = 200;
    private static final int FIRST_TASKS = 1000;
    private static final int BATCH = 1000;
    static final int FEW = 1_000_000;
    static final int MANY = 100_000_000;

    private MemoryRun() {}

    public static void main(String[] args) throws Exception {
        Rival rival = Rival.valueOf(args[1]);
        switch (args[0]) {
            case "queued" -> queued(rival);
            case "idle" -> idle(rival);
            case "growth" -> growth(rival);
            default -> throw new IllegalArgumentException("queued, idle or growth, and not " + args[0]);
        }
    }

    private static void queued(Rival rival) throws Exception {
        CountDownLatch left = new CountDownLatch(QUEUED);
        Job job = Job.counting(0, left);
        runOnce(rival);
        long before = heap();
        try (Subject subject = rival.start(1, QUEUED)) {
            Gate gate = new Gate(new CountDownLatch(1), new CountDownLatch(1));
            subject.submit(gate);
            gate.reached.await();
            for (int i = 0; i < QUEUED; i++) {
                subject.submit(job);
            }
            Jvm.tell("bytes", (heap() - before) / (double) QUEUED);
            gate.open.countDown();
            left.await();
        }
    }

    private static void idle(Rival rival) throws Exception {
        idleHeap(rival); // loads and caches what is not asked for
        IdleHeap heap = idleHeap(rival);
        Jvm.tell("created", heap.created);
        Jvm.tell("used", heap.used);
    }

    private static IdleHeap idleHeap(Rival rival) throws Exception {
        long before = heap();
        List<Subject> subjects = new ArrayList<>();
        for (int i = 0; i < IDLE; i++) {
            subjects.add(rival.start(2, 10_000));
        }
        double created = (heap() - before) / (double) IDLE;
        for (Subject subject : subjects) {
            submit(subject, FIRST_TASKS);
        }
        double used = (heap() - before) / (double) IDLE;
        for (Subject subject : subjects) {
            subject.close();
        }
        return new IdleHeap(created, used);
    }

    private record IdleHeap(double created, double used) {}

    private static void growth(Rival rival) throws Exception {
        try (Subject subject = rival.start(2, BATCH)) {
            for (int done = 0; done < MANY; done += BATCH) {
                if (done == FEW) {
                    Jvm.tell("few", heap());
                }
                submit(subject, BATCH);
            }
            Jvm.tell("many", heap());
        }
    }

    /** Loads the classes, which are not what is asked for. */
    private static void runOnce(Rival rival) throws Exception {
        try (Subject subject = rival.start(1, BATCH)) {
            submit(subject, BATCH);
        }
    }

    private static void submit(Subject subject, int tasks) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(tasks);
        Job job = Job.counting(0, left);
        for (int i = 0; i < tasks; i++) {
            subject.submit(job);
        }
        left.await();
    }

    /** What is used once collections free no more: some garbage is only let go by threads that an earlier one woke. */
    private static long heap() throws InterruptedException {
        long least = Long.MAX_VALUE;
        int collectionsInVain = 0;
        while (collectionsInVain < 5) {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            collectionsInVain = used < least ? 0 : collectionsInVain + 1;
            least = Math.min(least, used);
            Thread.sleep(20);
        }
        return least;
    }

    /** Holds its worker. */
    private record Gate(CountDownLatch reached, CountDownLatch open) implements Job {

        @Override
        public long work() {
            reached.countDown();
            try {
                open.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            return 0;
        }

        @Override
        public void done() {}
    }
}
