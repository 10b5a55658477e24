package io.taskmanager.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.sample.image.Thumbnail;
import io.taskmanager.sample.store.PhotoStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What a fault does while it is on, and that it ends by itself. */
class FaultsTest {

    private static final Duration LENGTH = Duration.ofSeconds(30);

    private final ManualClock clock = new ManualClock();
    private final List<Duration> pauses = new ArrayList<>();
    private final SlowDisk disk = new SlowDisk(new Episode(clock, LENGTH), pauses::add);
    private final BrokenProcessors processors = new BrokenProcessors(new Episode(clock, LENGTH), pauses::add);

    @Test
    void anEpisodeEndsWhenItsTimeIsUpAndCanNotBeProlonged() {
        Episode episode = new Episode(clock, LENGTH);
        assertThat(episode.isOn()).isFalse();

        assertThat(episode.begin()).isTrue();
        clock.advance(LENGTH.minusMillis(1));
        assertThat(episode.begin()).isFalse();
        assertThat(episode.isOn()).isTrue();
        assertThat(episode.secondsLeft()).isEqualTo(1);

        clock.advance(Duration.ofMillis(1));
        assertThat(episode.isOn()).isFalse();
        assertThat(episode.secondsLeft()).isZero();
        assertThat(episode.begin()).isTrue();
    }

    @Test
    void aSlowDiskDelaysEachFileThatIsWrittenUntilItsTimeIsUp(@TempDir Path data) throws IOException {
        PhotoStore store = new PhotoStore(data, DataSize.ofBytes(10), disk);
        write(store);
        assertThat(pauses).isEmpty();

        disk.begin();
        write(store);
        assertThat(pauses).hasSize(3).containsOnly(Duration.ofMillis(100));

        clock.advance(LENGTH);
        write(store);
        assertThat(pauses).hasSize(3);
        assertThat(disk.state()).isEqualTo(new DemoAction.State(false, 0, ""));
    }

    private static void write(PhotoStore store) throws IOException {
        store.receive(new ByteArrayInputStream(new byte[1]), "a.jpg");
        Thumbnail thumbnail = new Thumbnail(160, new byte[] {1});
        store.save("ab".repeat(32), List.of(thumbnail, new Thumbnail(320, new byte[] {2})));
    }

    @Test
    void anInterruptEndsTheDelayAsItEndsAWrite() {
        SlowDisk interrupted = new SlowDisk(new Episode(clock, LENGTH), time -> {
            throw new InterruptedException();
        });
        interrupted.begin();

        assertThatThrownBy(interrupted::run).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void eachThirdTaskBreaksItsProcessorThenNoneCanBeMadeThenAllIsWellAgain() {
        assertHealthy();

        processors.begin();
        for (int broken = 0; broken < BrokenProcessors.BEFORE_THE_OUTAGE; broken++) {
            assertThatCode(processors::beforeTask).doesNotThrowAnyException();
            assertThatCode(processors::beforeTask).doesNotThrowAnyException();
            assertThatCode(processors::beforeCreation).doesNotThrowAnyException();
            assertThatThrownBy(processors::beforeTask).isInstanceOf(BrokenProcessorException.class);
        }
        assertThat(processors.state().detail()).isEqualTo("no processor can be made");
        assertThatThrownBy(processors::beforeTask).isInstanceOf(BrokenProcessorException.class);
        assertThatThrownBy(processors::beforeCreation).isInstanceOf(BrokenProcessorException.class);

        clock.advance(LENGTH);
        assertHealthy();
        assertThat(processors.state()).isEqualTo(new DemoAction.State(false, 0, ""));

        processors.begin();
        assertThatCode(processors::beforeCreation)
                .as("a new episode begins anew")
                .doesNotThrowAnyException();
    }

    private void assertHealthy() {
        for (int task = 0; task < BrokenProcessors.TASKS_FOR_EACH; task++) {
            assertThatCode(processors::beforeTask).doesNotThrowAnyException();
        }
        assertThatCode(processors::beforeCreation).doesNotThrowAnyException();
    }
}
