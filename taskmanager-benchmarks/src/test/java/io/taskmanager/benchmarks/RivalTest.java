package io.taskmanager.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.taskmanager.benchmarks.Borrow.Lender;
import io.taskmanager.benchmarks.Rival.Subject;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is compared does what it is measured at. */
class RivalTest {

    @ParameterizedTest
    @EnumSource
    void runsEachTask(Rival rival) throws Exception {
        assumeThat(rival.isHere()).isTrue();
        CountDownLatch left = new CountDownLatch(100);
        try (Subject subject = rival.start(2, 100)) {
            for (int i = 0; i < 100; i++) {
                subject.submit(Job.counting(0, left));
            }
            assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void runsAsManyTasksAtATimeAsItHasWorkers(Rival rival) throws Exception {
        assumeThat(rival.isHere()).isTrue();
        CyclicBarrier bothWork = new CyclicBarrier(3);
        try (Subject subject = rival.start(2, 100)) {
            Job job = new Meeting(bothWork);
            subject.submit(job);
            subject.submit(job);
            assertThat(bothWork.await(30, TimeUnit.SECONDS)).isNotNegative();
        }
    }

    /** Its work ends when the other's does. */
    private record Meeting(CyclicBarrier bothWork) implements Job {

        @Override
        public long work() {
            try {
                return bothWork.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException failure) {
                throw new IllegalStateException(failure);
            }
        }

        @Override
        public void done() {}
    }

    @ParameterizedTest
    @EnumSource
    void givesTheResult(Rival rival) throws Exception {
        assumeThat(rival.isHere()).isTrue();
        try (Subject subject = rival.start(2, 100)) {
            assertThat(subject.call(() -> 42)).isEqualTo(42);
        }
    }

    @ParameterizedTest
    @EnumSource
    void lendsAgainWhatCameBack(Borrow borrow) throws Exception {
        try (Lender lender = borrow.start(1)) {
            for (int i = 0; i < 10; i++) {
                assertThat(lender.use(thing -> 42)).isEqualTo(42);
            }
        }
    }
}
