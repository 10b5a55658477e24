package io.taskmanager.sample.store;

import io.taskmanager.sample.image.ImageTooLargeException;
import io.taskmanager.sample.image.Thumbnail;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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

    public PhotoStore(Path data, DataSize maxFileSize) throws IOException {
        this.incoming = Files.createDirectories(data.resolve("incoming"));
        this.originals = Files.createDirectories(data.resolve("originals"));
        this.thumbnails = Files.createDirectories(data.resolve("thumbnails"));
        this.maxFileSize = maxFileSize;
    }

    /**
     * Writes an upload to a file of its own; the caller keeps it with {@link #keep} or deletes it.
     *
     * @param name the file's name, for messages
     * @throws ImageTooLargeException if there are more bytes than allowed
     */
    public Path receive(InputStream upload, String name) throws IOException {
        Path file = newFile();
        try (OutputStream output = Files.newOutputStream(file)) {
            copy(upload, output, name);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return file;
    }

    private void copy(InputStream upload, OutputStream output, String name) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        long total = 0;
        for (int read = upload.read(buffer); read >= 0; read = upload.read(buffer)) {
            total += read;
            checkSize(total, name);
            output.write(buffer, 0, read);
        }
    }

    /**
     * Checks a file's length.
     *
     * @throws ImageTooLargeException if there are more bytes than allowed
     */
    public void checkSize(long bytes, String name) {
        if (bytes > maxFileSize.toBytes()) {
            throw new ImageTooLargeException("\"" + name + "\" is larger than the " + maxFileSize.toBytes()
                    + " bytes that photos.max-file-size allows");
        }
    }

    /** Keeps a received file as the original of a photo. */
    public Path keep(Path received, String id) throws IOException {
        return move(received, original(id));
    }

    /** Where the original of an uploaded photo lies. */
    public Path original(String id) {
        return fanned(originals, id, "");
    }

    /** Writes the thumbnails of a photo, over those that are there. */
    public void save(String id, List<Thumbnail> made) throws IOException {
        for (Thumbnail thumbnail : made) {
            Path written = Files.write(newFile(), thumbnail.jpeg());
            move(written, thumbnailPath(id, thumbnail.maxWidth()));
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

    private static Path move(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
