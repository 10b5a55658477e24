package io.taskmanager.sample.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** The chunks that PNG and WebP files are made of. The length that one claims costs no memory: it is held to the file's. */
final class Chunks {

    private static final int PNG_START = 8;
    private static final int PNG_CHECKSUM = 4;
    private static final int RIFF_START = 12;
    private static final int HEADER = 8;

    private Chunks() {}

    static Optional<byte[]> exifOfPng(byte[] file) {
        return find("eXIf", from(file, PNG_START), Chunks::pngHeader);
    }

    static Optional<byte[]> exifOfWebp(byte[] file) {
        return find("EXIF", from(file, RIFF_START).order(ByteOrder.LITTLE_ENDIAN), Chunks::riffHeader);
    }

    /** Whether a WebP file has all the bytes that it claims to have. */
    static boolean isWholeWebp(byte[] file) {
        Header whole = riffHeader(from(file, 0).order(ByteOrder.LITTLE_ENDIAN));
        return whole.length() <= file.length - HEADER;
    }

    private static ByteBuffer from(byte[] file, int start) {
        return ByteBuffer.wrap(file).position(Math.min(start, file.length));
    }

    private static Header pngHeader(ByteBuffer chunk) {
        long length = Integer.toUnsignedLong(chunk.getInt());
        return new Header(type(chunk), length, PNG_CHECKSUM);
    }

    private static Header riffHeader(ByteBuffer chunk) {
        String type = type(chunk);
        long length = Integer.toUnsignedLong(chunk.getInt());
        return new Header(type, length, length & 1);
    }

    private static String type(ByteBuffer chunk) {
        byte[] type = new byte[4];
        chunk.get(type);
        return new String(type, StandardCharsets.US_ASCII);
    }

    private static Optional<byte[]> find(String type, ByteBuffer rest, Function<ByteBuffer, Header> next) {
        while (rest.remaining() >= HEADER) {
            Header chunk = next.apply(rest);
            if (chunk.length() > rest.remaining()) {
                return Optional.empty();
            }
            if (chunk.type().equals(type)) {
                byte[] data = new byte[(int) chunk.length()];
                rest.get(data);
                return Optional.of(data);
            }
            rest.position((int) Math.min(rest.limit(), rest.position() + chunk.length() + chunk.trailer()));
        }
        return Optional.empty();
    }

    /**
     * What stands before a chunk's data.
     *
     * @param type four letters
     * @param length of the data
     * @param trailer the bytes between the data and the next chunk
     */
    private record Header(String type, long length, long trailer) {}
}
