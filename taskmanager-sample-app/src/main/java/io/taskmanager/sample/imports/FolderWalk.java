package io.taskmanager.sample.imports;

import io.taskmanager.sample.store.FileFaults;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Walks through a folder and tells of each entry once; one that can't be read does not end the walk. */
final class FolderWalk extends SimpleFileVisitor<Path> {

    private static final Pattern PICTURE =
            Pattern.compile(".+\\.(jpe?g|png|gif|bmp|webp)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final Path folder;
    private final Predicate<Entry> taker;

    private FolderWalk(Path folder, Predicate<Entry> taker) {
        this.folder = folder;
        this.taker = taker;
    }

    /**
     * Gives the taker each entry of the folder and of those below it, until it returns false. Links to folders are not
     * followed.
     *
     * @throws IOException if the folder itself can't be read
     */
    static void through(Path folder, Predicate<Entry> taker) throws IOException {
        Files.walkFileTree(folder, new FolderWalk(folder, taker));
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink() && Files.isDirectory(file)) {
            return tell(Entry.skipped(file, "links to folders are not followed; import the folder itself"));
        }
        boolean picture = PICTURE.matcher(String.valueOf(file.getFileName())).matches();
        return tell(
                picture
                        ? Entry.picture(file)
                        : Entry.skipped(file, "by its name it is no .jpg, .jpeg, .png, .gif, .bmp or .webp file"));
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        return unreadable(file, e);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
        return e == null ? FileVisitResult.CONTINUE : unreadable(directory, e);
    }

    private FileVisitResult unreadable(Path path, IOException e) throws IOException {
        if (path.equals(folder)) {
            throw e;
        }
        return tell(Entry.unreadable(path, "it can't be read: " + FileFaults.text(e)));
    }

    private FileVisitResult tell(Entry entry) {
        return taker.test(entry) ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
    }
}
