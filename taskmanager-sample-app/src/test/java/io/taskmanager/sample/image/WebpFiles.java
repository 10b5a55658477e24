package io.taskmanager.sample.image;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/** Writes lossless WebP files of pictures whose reds, greens and blues are each 0 or 255: a bit for each is the whole code. */
final class WebpFiles {

    private static final int EXIF_FLAG = 8;

    private WebpFiles() {}

    static byte[] encoded(BufferedImage picture) {
        return riff(chunk("VP8L", lossless(picture)));
    }

    /** The picture, with the EXIF data that is given. */
    static byte[] withExif(BufferedImage picture, byte[] exif) {
        ByteBuffer canvas = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        canvas.putInt(EXIF_FLAG);
        canvas.putShort((short) (picture.getWidth() - 1)).put((byte) 0);
        canvas.putShort((short) (picture.getHeight() - 1)).put((byte) 0);
        return riff(chunk("VP8X", canvas.array()), chunk("VP8L", lossless(picture)), chunk("EXIF", exif));
    }

    private static byte[] riff(byte[]... chunks) {
        ByteBuffer body = ByteBuffer.allocate(
                4 + List.of(chunks).stream().mapToInt(chunk -> chunk.length).sum());
        body.put(ascii("WEBP"));
        List.of(chunks).forEach(body::put);
        return chunk("RIFF", body.array());
    }

    private static byte[] chunk(String type, byte[] data) {
        return ByteBuffer.allocate(8 + data.length + data.length % 2)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(ascii(type))
                .putInt(data.length)
                .put(data)
                .array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] lossless(BufferedImage picture) {
        Bits bits = new Bits();
        bits.put(0x2f, 8);
        bits.put(picture.getWidth() - 1, 14);
        bits.put(picture.getHeight() - 1, 14);
        bits.put(0, 1 + 3 + 1 + 1 + 1); // no alpha, version 0, no transform, no colour cache, one group of codes
        for (int color = 0; color < 3; color++) { // green, red, blue: a code for each of two symbols, 0 and 255
            bits.put(0b011, 3);
            bits.put(0, 1);
            bits.put(255, 8);
        }
        bits.put(0b101, 3); // alpha: no code for the one symbol 255
        bits.put(255, 8);
        bits.put(0b0001, 4); // distances: no code for the one symbol 0
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int rgb = picture.getRGB(x, y);
                bits.put(rgb >> 15, 1);
                bits.put(rgb >> 23, 1);
                bits.put(rgb >> 7, 1);
            }
        }
        return bits.bytes();
    }

    /** Bits, the lowest first. */
    private static final class Bits {

        private final BitSet bits = new BitSet();
        private int length;

        void put(int value, int count) {
            for (int bit = 0; bit < count; bit++) {
                bits.set(length++, (value >> bit & 1) == 1);
            }
        }

        byte[] bytes() {
            return java.util.Arrays.copyOf(bits.toByteArray(), (length + 7) / 8);
        }
    }
}
