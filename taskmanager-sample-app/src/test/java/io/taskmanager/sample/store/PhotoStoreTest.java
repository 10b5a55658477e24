package io.taskmanager.sample.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.sample.image.ImageTooLargeException;
import io.taskmanager.sample.image.Thumbnail;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What lies in the data folder when. */
class PhotoStoreTest {

    private static final String ID = "ab".repeat(32);

    @TempDir
    Path data;

    private PhotoStore store;

    @BeforeEach
    void open() throws IOException {
        store = new PhotoStore(data, DataSize.ofBytes(10));
    }

    @Test
    void anUploadOfTheLargestSizeIsTaken() throws IOException {
        Path received = store.receive(new ByteArrayInputStream(new byte[10]), "a.jpg");

        assertThat(store.keep(received, ID)).isEqualTo(store.original(ID)).hasSize(10);
        assertThat(received).doesNotExist();
    }

    @Test
    void oneByteMoreIsRefusedAndLeavesNothing() throws IOException {
        assertThatThrownBy(() -> store.receive(new ByteArrayInputStream(new byte[11]), "a.jpg"))
                .isInstanceOf(ImageTooLargeException.class)
                .hasMessageContaining("a.jpg")
                .hasMessageContaining("10 bytes");
        assertThat(filesBelow(data)).isEmpty();
    }

    @Test
    void thumbnailsAreFoundByWidth() throws IOException {
        store.save(ID, List.of(new Thumbnail(160, new byte[] {1}), new Thumbnail(320, new byte[] {2})));
        store.save(ID, List.of(new Thumbnail(160, new byte[] {3})));

        assertThat(store.thumbnail(ID, 160).orElseThrow()).hasBinaryContent(new byte[] {3});
        assertThat(store.thumbnail(ID, 320).orElseThrow()).hasBinaryContent(new byte[] {2});
        assertThat(store.thumbnail(ID, 640)).isEmpty();
        assertThat(filesBelow(data.resolve("incoming"))).isEmpty();
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
