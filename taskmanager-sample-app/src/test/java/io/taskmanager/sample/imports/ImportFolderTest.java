package io.taskmanager.sample.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.taskmanager.sample.imports.Entry.Kind;
import io.taskmanager.sample.imports.ImportFolderException.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

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
    void picturesAreFoundByNameInAllSubfoldersAndAllElseIsSkipped() throws IOException {
        List<String> pictures = List.of("a.jpg", "holiday/B.JPEG", "holiday/sea/c.png", "d.gif", "e.Bmp", "f.webp");
        List<String> others = List.of("notes.txt", "photo.heic", "holiday/jpg", "holiday/sea/c.png.bak");
        for (String file : pictures) {
            Files.createFile(root.resolve(file));
        }
        for (String file : others) {
            Files.createFile(root.resolve(file));
        }
        Files.createDirectory(root.resolve("album.jpg"));

        assertThat(entries(Kind.PICTURE).keySet()).containsExactlyInAnyOrderElementsOf(pictures);
        assertThat(entries(Kind.SKIPPED).keySet()).containsExactlyInAnyOrderElementsOf(others);
        assertThat(entries(Kind.SKIPPED).get("photo.heic")).contains("no .jpg, .jpeg");
    }

    @Test
    void linkedFoldersAreNotFollowedButNamed() throws IOException {
        Files.createSymbolicLink(root.resolve("around.jpg"), root);
        Files.createSymbolicLink(root.resolve("out"), secret);

        assertThat(entries(Kind.PICTURE)).isEmpty();
        assertThat(entries(Kind.SKIPPED)).containsOnlyKeys("around.jpg", "out");
        assertThat(entries(Kind.SKIPPED).values()).allMatch(reason -> reason.contains("links to folders"));
    }

    /** Root may read everything, so for root a folder vanishes. */
    @Test
    void aFolderThatVanishesDuringTheWalkIsNamedAndTheRestIsFound() throws IOException {
        for (String folder : List.of("holiday", "trip-1", "trip-2", "trip-3")) {
            Files.createDirectories(root.resolve(folder));
            Files.createFile(root.resolve(folder).resolve("a.jpg"));
        }
        List<Entry> entries = new ArrayList<>();
        ImportFolder.chosen(root).entries(entry -> {
            if (entries.isEmpty()) {
                deleteAllBut(entry.path().getParent());
            }
            return entries.add(entry);
        });

        assertThat(entries).filteredOn(entry -> entry.kind() == Kind.PICTURE).hasSize(1);
        assertThat(entries)
                .filteredOn(entry -> entry.kind() == Kind.UNREADABLE)
                .isNotEmpty()
                .allSatisfy(entry ->
                        assertThat(entry.reason()).isEqualTo("it can't be read: there is no such file or folder"));
    }

    private void deleteAllBut(Path kept) {
        try (Stream<Path> all = Files.list(root)) {
            for (Path folder : all.filter(each -> !each.equals(kept)).toList()) {
                FileSystemUtils.deleteRecursively(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFolderThatMayNotBeReadIsNamedAndTheRestIsFound() throws IOException {
        Path closed = Files.createDirectory(root.resolve("closed"));
        Files.createFile(root.resolve("holiday/a.jpg"));
        Files.setPosixFilePermissions(closed, Set.of());
        assumeFalse(Files.isReadable(closed), "skipped: root may read every folder");

        assertThat(entries(Kind.PICTURE)).containsOnlyKeys("holiday/a.jpg");
        assertThat(entries(Kind.UNREADABLE)).containsExactly(entry("closed", "it can't be read: permission denied"));
    }

    @Test
    void theFolderItselfMustBeReadable() throws IOException {
        ImportFolder gone = ImportFolder.chosen(Files.createDirectory(root.resolve("gone")));
        Files.delete(gone.path());

        assertThatThrownBy(() -> gone.entries(entry -> true)).isInstanceOf(IOException.class);
    }

    private Map<String, String> entries(Kind kind) throws IOException {
        ImportFolder all = ImportFolder.chosen(root);
        Map<String, String> reasons = new TreeMap<>();
        all.entries(entry -> {
            if (entry.kind() == kind) {
                reasons.put(all.relative(entry.path()), entry.reason());
            }
            return true;
        });
        return reasons;
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
                .hasMessageContaining("outside")
                .hasMessageNotContaining(secret.toString());
    }
}
