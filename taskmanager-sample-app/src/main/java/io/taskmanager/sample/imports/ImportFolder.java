package io.taskmanager.sample.imports;

import io.taskmanager.sample.imports.ImportFolderException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A folder that may be imported: a real one, inside its root, all links resolved. Nothing outside the root is reached
 * through it, whatever links lie in it.
 *
 * @param root the real path of the root
 * @param path the real path of the folder
 */
public record ImportFolder(Path root, Path path) {

    /**
     * The folder that the operator of this machine named: it is its own root.
     *
     * @throws ImportFolderException if there is no such folder
     */
    public static ImportFolder chosen(Path folder) {
        Path real = real(folder, folder.toString());
        return new ImportFolder(real, real);
    }

    /**
     * The folder that someone else named, relative to the root or absolute.
     *
     * @throws ImportFolderException if it is no path, outside the root, or missing
     */
    public static ImportFolder within(Path root, String name) {
        Path base = root.toAbsolutePath().normalize();
        Path asked = parse(base, name);
        // Asked before the disk is: what exists outside the root is nobody's business.
        requireInside(base, asked, name);
        Path realRoot = real(base, name);
        Path realFolder = real(asked, name);
        requireInside(realRoot, realFolder, name);
        return new ImportFolder(realRoot, realFolder);
    }

    /** The folder as seen from its root. */
    String name() {
        String name = root.relativize(path).toString();
        return name.isEmpty() ? "." : name;
    }

    private static Path parse(Path base, String name) {
        try {
            return base.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new ImportFolderException(Fault.MALFORMED, "the folder is no path: " + e.getReason());
        }
    }

    private static void requireInside(Path root, Path folder, String name) {
        if (!folder.startsWith(root)) {
            throw new ImportFolderException(
                    Fault.OUTSIDE, "the folder \"" + name + "\" is outside the one that photos.import-root allows");
        }
    }

    private static Path real(Path folder, String name) {
        try {
            Path real = folder.toRealPath();
            if (Files.isDirectory(real)) {
                return real;
            }
        } catch (IOException e) {
            throw missing(name, e);
        }
        throw missing(name, null);
    }

    private static ImportFolderException missing(String name, @Nullable IOException cause) {
        ImportFolderException missing = new ImportFolderException(
                Fault.MISSING, "there is no folder \"" + name + "\" to import; name one that has pictures in it");
        if (cause != null) {
            missing.initCause(cause);
        }
        return missing;
    }

    /**
     * Gives the taker all that lies in the folder and below it, until it returns false.
     *
     * @throws IOException if the folder itself can't be read
     */
    void entries(Predicate<Entry> taker) throws IOException {
        FolderWalk.through(path, taker);
    }

    /**
     * The file that a picture really is.
     *
     * @throws ImportFolderException if it is a link out of the root
     */
    Path resolve(Path picture) throws IOException {
        Path real = picture.toRealPath();
        if (!real.startsWith(root)) {
            throw new ImportFolderException(
                    Fault.OUTSIDE, "it is a link to a file outside of the folder that may be imported");
        }
        return real;
    }

    /** The path of an entry as seen from the folder, to be shown: a name may hold codes that steer a terminal. */
    String relative(Path entry) {
        return path.relativize(entry).toString().replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}]", "?");
    }
}
