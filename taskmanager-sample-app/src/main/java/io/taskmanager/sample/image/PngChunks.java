package io.taskmanager.sample.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/** Finds a small chunk of a PNG file, and skips all others unread: their claimed lengths cost no memory. */
final class PngChunks {

    private static final int SIGNATURE_LENGTH = 8;
    private static final int CHECKSUM_LENGTH = 4;
    private static final int SHORTEST_CHUNK = 12;
    private static final long LARGEST_TAKEN = 1 << 20;

    private PngChunks() {}

    static Optional<byte[]> find(Path file, String type) throws IOException {
        try (ImageInputStream input = new FileImageInputStream(file.toFile())) {
            input.seek(SIGNATURE_LENGTH);
            while (input.length() - input.getStreamPosition() >= SHORTEST_CHUNK) {
                long length = input.readUnsignedInt();
                if (type.equals(readType(input)) && length <= LARGEST_TAKEN) {
                    return readData(input, (int) length);
                }
                input.seek(input.getStreamPosition() + length + CHECKSUM_LENGTH);
            }
            return Optional.empty();
        }
    }

    private static String readType(ImageInputStream input) throws IOException {
        byte[] type = new byte[4];
        input.readFully(type);
        return new String(type, StandardCharsets.US_ASCII);
    }

    private static Optional<byte[]> readData(ImageInputStream input, int length) throws IOException {
        if (input.length() - input.getStreamPosition() < length) {
            return Optional.empty();
        }
        byte[] data = new byte[length];
        input.readFully(data);
        return Optional.of(data);
    }
}
