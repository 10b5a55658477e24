package io.taskmanager.sample.store;

import io.taskmanager.sample.image.ImageTooLargeException;
import io.taskmanager.sample.image.Thumbnail;
import io.taskmanager.sample.image.UnreadableImageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/**
 * Uploads and thumbnails on disk. Paths are made of photo ids alone, which are hexadecimal; no name that someone sent is
 * ever part of one. Files appear whole: they are written aside and moved.
 */
public final class PhotoStore {

    private final Path incoming;
    private final Path originals;
    private final Path thumbnails;
    private final DataSize maxFileSize;
    private final BeforeWrite beforeWrite;

    /** Makes the folders that are missing. */
    public PhotoStore(Path data, DataSize maxFileSize, BeforeWrite beforeWrite) {
        this.incoming = writable(data.resolve("incoming"));
        this.originals = writable(data.resolve("originals"));
        this.thumbnails = writable(data.resolve("thumbnails"));
        this.maxFileSize = maxFileSize;
        this.beforeWrite = beforeWrite;
    }

    private static Path writable(Path folder) {
        writing(() -> Files.createDirectories(folder));
        if (!Files.isWritable(folder)) {
            throw new StoreException(new AccessDeniedException(folder.toString()));
        }
        return folder;
    }

    /**
     * Writes an upload to a file of its own; the caller keeps it with {@link #keep} or deletes it.
     *
     * @param name the file's name, for messages
     * @throws ImageTooLargeException if there are more bytes than allowed
     * @throws IOException if the upload breaks off
     */
    public Path receive(InputStream upload, String name) throws IOException {
        Path file = newFile();
        try (OutputStream output = writing(() -> create(file))) {
            copy(upload, output, name);
        } catch (IOException | RuntimeException e) {
            deleteAfter(e, file);
            throw e;
        }
        return file;
    }

    private OutputStream create(Path file) throws IOException {
        beforeWrite.run();
        return Files.newOutputStream(file);
    }

    private void copy(InputStream upload, OutputStream output, String name) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        long total = 0;
        for (int read = upload.read(buffer); read >= 0; read = upload.read(buffer)) {
            total += read;
            checkSize(total, name);
            write(output, buffer, read);
        }
    }

    private static void write(OutputStream output, byte[] buffer, int length) {
        writing(() -> {
            output.write(buffer, 0, length);
            return length;
        });
    }

    /**
     * Reads the file of a picture, wherever it lies, whole.
     *
     * @param name the file's name, for messages
     * @throws UnreadableImageException if it is something else than a file: to open a pipe would wait for its other end
     * @throws ImageTooLargeException if there are more bytes than allowed
     * @throws IOException if it is gone, or may not be read
     */
    public byte[] read(Path file, String name) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new UnreadableImageException(name, "it is a folder, a pipe, a socket or a device, and no file", null);
        }
        checkSize(attributes.size(), name);
        byte[] bytes = Files.readAllBytes(file);
        checkSize(bytes.length, name); // it may have grown
        return bytes;
    }

    private void checkSize(long bytes, String name) {
        if (bytes > maxFileSize.toBytes()) {
            throw new ImageTooLargeException("\"" + name + "\" is larger than the " + maxFileSize.toBytes()
                    + " bytes that photos.max-file-size allows");
        }
    }

    /** Keeps a received file as the original of a photo. */
    public Path keep(Path received, String id) {
        return move(received, original(id));
    }

    /** Where the original of an uploaded photo lies. */
    public Path original(String id) {
        return fanned(originals, id, "");
    }

    /** Writes the thumbnails of a photo, over those that are there. */
    public void save(String id, List<Thumbnail> made) {
        for (Thumbnail thumbnail : made) {
            save(thumbnail.jpeg(), thumbnailPath(id, thumbnail.maxWidth()));
        }
    }

    private void save(byte[] bytes, Path to) {
        Path aside = newFile();
        try {
            writing(() -> {
                beforeWrite.run();
                return Files.write(aside, bytes);
            });
            move(aside, to);
        } catch (RuntimeException e) {
            deleteAfter(e, aside);
            throw e;
        }
    }

    /** A full disk has room for the name of a file that it has no room for. */
    private static void deleteAfter(Exception failure, Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Deletes what the store has of a photo: its thumbnails, of whatever widths, and the original of an upload. */
    public void delete(String id) {
        writing(() -> {
            for (Path thumbnail : thumbnailsOf(id)) {
                Files.deleteIfExists(thumbnail);
            }
            return Files.deleteIfExists(original(id));
        });
    }

    private List<Path> thumbnailsOf(String id) throws IOException {
        Path folder = fanned(thumbnails, id, "").getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(id))
                    .toList();
        }
    }

    /** A thumbnail's file, if there is one of that width. */
    public Optional<Path> thumbnail(String id, int width) {
        return Optional.of(thumbnailPath(id, width)).filter(Files::isRegularFile);
    }

    private Path thumbnailPath(String id, int width) {
        return fanned(thumbnails, id, "-" + width + ".jpg");
    }

    /** Spreads the files over 256 folders. */
    private static Path fanned(Path folder, String id, String suffix) {
        return folder.resolve(id.substring(0, 2)).resolve(id + suffix);
    }

    private Path newFile() {
        return incoming.resolve(UUID.randomUUID().toString());
    }

    private static Path move(Path from, Path to) {
        return writing(() -> {
            Files.createDirectories(to.getParent());
            return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    private static <T> T writing(Writing<T> step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw new StoreException(e);
        }
    }

    /** A step that changes the data folder. */
    private interface Writing<T> {
        T run() throws IOException;
    }
}
