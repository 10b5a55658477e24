package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StackRoomTest {

    private int claimsLost;
    private int refused;

    @Test
    void where_there_is_room_nothing_overflows_that_is_a_few_calls_deep() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            int offset = i % 60;
            Thread deep = new Thread(null, () -> overflow(offset), "deep", 256 * 1024);
            deep.start();
            deep.join();
        }

        assertThat(refused).isEqualTo(1_000);
        assertThat(claimsLost).isZero();
    }

    private void overflow(int offset) {
        try {
            descend(offset);
        } catch (StackOverflowError e) {
            refused++; // compiled into its caller, it refuses that one's call
        }
    }

    private void descend(int framesBefore) {
        if (framesBefore > 0) {
            descend(framesBefore - 1);
        } else {
            claimAtEachDepth();
        }
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private void claimAtEachDepth() {
        try {
            StackRoom.ensure();
        } catch (StackOverflowError e) {
            refused++;
            return;
        }
        boolean released = false;
        try {
            goDeeper(20);
            released = true;
        } finally {
            if (!released) {
                claimsLost++;
            }
        }
        claimAtEachDepth();
    }

    private static int goDeeper(int frames) {
        return frames == 0 ? 0 : 1 + goDeeper(frames - 1);
    }
}
