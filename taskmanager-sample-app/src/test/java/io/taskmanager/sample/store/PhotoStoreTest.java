package io.taskmanager.sample.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.taskmanager.sample.image.ImageTooLargeException;
import io.taskmanager.sample.image.Thumbnail;
import io.taskmanager.sample.image.UnreadableImageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
        store = new PhotoStore(data, DataSize.ofBytes(10), () -> {});
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

    @Test
    void whatCanNotBeMovedIntoPlaceLeavesNothing() throws IOException {
        Files.createFile(data.resolve("thumbnails/ab"));
        Files.createFile(data.resolve("originals/ab"));
        Path received = store.receive(new ByteArrayInputStream(new byte[1]), "a.jpg");
        List<Path> before = filesBelow(data);

        assertThatThrownBy(() -> store.save(ID, List.of(new Thumbnail(160, new byte[] {1}))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("photos.data")
                .hasMessageNotContaining(data.toString());
        assertThatThrownBy(() -> store.keep(received, ID)).isInstanceOf(StoreException.class);
        assertThat(filesBelow(data)).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void aFullDiskLeavesNothing() throws IOException, InterruptedException {
        assumeTrue(
                SpecialFiles.run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", data.toString()) == 0,
                "skipped: only root may mount a small disk");
        try {
            PhotoStore small = new PhotoStore(data, DataSize.ofMegabytes(1), () -> {});
            byte[] large = new byte[200_000];

            assertThatThrownBy(() -> small.receive(new ByteArrayInputStream(large), "a.jpg"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("No space left on device");
            assertThatThrownBy(() -> small.save(ID, List.of(new Thumbnail(160, large))))
                    .isInstanceOf(StoreException.class);
            assertThat(filesBelow(data)).isEmpty();
        } finally {
            assertThat(SpecialFiles.run("umount", data.toString())).isZero();
        }
    }

    @Test
    void aFolderThatCanNotBeMadeIsRefusedAtOnce() throws IOException {
        Path file = Files.createFile(data.resolve("file"));

        assertThatThrownBy(() -> new PhotoStore(file.resolve("data"), DataSize.ofBytes(10), () -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("set photos.data to another folder");
    }

    @Test
    void aFolderThatMayNotBeWrittenIsRefusedAtOnce() throws IOException {
        Path thumbnails = data.resolve("thumbnails");
        Files.setPosixFilePermissions(thumbnails, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(thumbnails), "skipped: root may write every folder");

        assertThatThrownBy(() -> new PhotoStore(data, DataSize.ofBytes(10), () -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("permission denied");
    }

    @Test
    void aFileIsReadWhole() throws IOException {
        Path file = Files.write(data.resolve("a.jpg"), new byte[] {1, 2});

        assertThat(store.read(file, "a.jpg")).containsExactly(1, 2);
        Files.write(file, new byte[11]);
        assertThatThrownBy(() -> store.read(file, "a.jpg")).isInstanceOf(ImageTooLargeException.class);
        Files.delete(file);
        assertThatThrownBy(() -> store.read(file, "a.jpg")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void onlyFilesAreOpened() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(data.resolve("zeros.jpg"), Path.of("/dev/zero"));

        for (Path each : List.of(SpecialFiles.pipe(data.resolve("pipe.jpg")), link, data)) {
            assertThatThrownBy(() -> store.read(each, "a.jpg"))
                    .isInstanceOf(UnreadableImageException.class)
                    .hasMessageContaining("a.jpg")
                    .hasMessageContaining("a pipe, a socket or a device");
        }
    }

    @Test
    void allThatThereIsOfAPhotoIsDeleted() throws IOException {
        String other = "ab" + "cd".repeat(31);
        for (String id : List.of(ID, other)) {
            store.save(id, List.of(new Thumbnail(160, new byte[] {1}), new Thumbnail(320, new byte[] {2})));
            store.keep(store.receive(new ByteArrayInputStream(new byte[1]), "a.jpg"), id);
        }
        store.delete(ID);
        store.delete("ef".repeat(32)); // of which there is nothing

        assertThat(filesBelow(data))
                .hasSize(3)
                .allMatch(file -> file.getFileName().toString().startsWith(other));
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
