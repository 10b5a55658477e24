package io.taskmanager.sample.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.sample.imports.ImportFolderException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is reached from the import root, and what is not. */
class ImportFolderTest {

    @TempDir
    Path folder;

    private Path root;
    private Path secret;

    @BeforeEach
    void layOut() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        Files.createDirectories(root.resolve("holiday/sea"));
        secret = Files.createDirectory(folder.resolve("secret"));
        Files.createDirectory(folder.resolve("root-of-another"));
        Files.createFile(secret.resolve("key.jpg"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"holiday", "holiday/sea", "holiday/../holiday", "./holiday", ".", ""})
    void reachesWhatIsInside(String name) {
        assertThat(ImportFolder.within(root, name).path()).startsWith(root);
    }

    @Test
    void takesAnAbsolutePathThatIsInside() {
        Path holiday = root.resolve("holiday");

        assertThat(ImportFolder.within(root, holiday.toString()).path()).isEqualTo(holiday);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../secret",
                "holiday/../../secret",
                "../root-of-another",
                "../not-there-either",
                "/",
                "/etc",
                "//etc",
                "/not/there",
                "holiday/../../../../../../../../etc",
            })
    void doesNotReachOut(String name) {
        assertFault(name, Fault.OUTSIDE);
    }

    @Test
    void aLinkOutOfTheRootIsOutside() throws IOException {
        Files.createSymbolicLink(root.resolve("shortcut"), secret);

        assertFault("shortcut", Fault.OUTSIDE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not-there", "%2e%2e/secret", "..%2fsecret", "..\\secret", "~", "holiday/not-there"})
    void whatIsNotThereIsMissing(String name) {
        assertFault(name, Fault.MISSING);
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Files.createFile(root.resolve("a.jpg"));

        assertFault("a.jpg", Fault.MISSING);
    }

    @Test
    void aNulIsNoPath() {
        assertFault("holiday\u0000/../../secret", Fault.MALFORMED);
    }

    private void assertFault(String name, Fault fault) {
        assertThatThrownBy(() -> ImportFolder.within(root, name))
                .isInstanceOfSatisfying(
                        ImportFolderException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }

    @Test
    void picturesAreFoundByNameInAllSubfolders() throws IOException {
        for (String file : new String[] {"a.jpg", "holiday/B.JPEG", "holiday/sea/c.png", "d.gif", "e.Bmp"}) {
            Files.createFile(root.resolve(file));
        }
        for (String file : new String[] {"notes.txt", "holiday/jpg", "holiday/sea/c.png.bak"}) {
            Files.createFile(root.resolve(file));
        }
        Files.createDirectory(root.resolve("album.jpg"));

        ImportFolder all = ImportFolder.chosen(root);
        try (Stream<Path> pictures = all.pictures()) {
            assertThat(pictures.map(all::relative))
                    .containsExactlyInAnyOrder("a.jpg", "holiday/B.JPEG", "holiday/sea/c.png", "d.gif", "e.Bmp");
        }
    }

    @Test
    void linkedFoldersAreNotFollowed() throws IOException {
        Files.createSymbolicLink(root.resolve("around"), root);
        Files.createSymbolicLink(root.resolve("out"), secret);

        try (Stream<Path> pictures = ImportFolder.chosen(root).pictures()) {
            assertThat(pictures).isEmpty();
        }
    }

    @Test
    void aLinkedFileIsTakenOnlyFromInside() throws IOException {
        ImportFolder all = ImportFolder.chosen(root);
        Path inside = Files.createFile(root.resolve("holiday/a.jpg"));
        Path good = Files.createSymbolicLink(root.resolve("good.jpg"), inside);
        Path bad = Files.createSymbolicLink(root.resolve("bad.jpg"), secret.resolve("key.jpg"));

        assertThat(all.resolve(good)).isEqualTo(inside);
        assertThatThrownBy(() -> all.resolve(bad))
                .isInstanceOf(ImportFolderException.class)
                .hasMessageContaining("bad.jpg");
    }
}
