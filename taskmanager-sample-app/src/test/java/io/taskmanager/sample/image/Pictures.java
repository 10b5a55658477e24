package io.taskmanager.sample.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Makes picture files for tests: four quarters, clockwise from the upper left red, green, yellow, blue. */
public final class Pictures {

    private static final byte[] EXIF_HEADER = {'E', 'x', 'i', 'f', 0, 0};

    private Pictures() {}

    /** The upright picture. */
    public static BufferedImage upright(int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        fill(graphics, Color.RED, 0, 0, width, height);
        fill(graphics, Color.GREEN, width / 2, 0, width, height);
        fill(graphics, Color.BLUE, 0, height / 2, width, height);
        fill(graphics, Color.YELLOW, width / 2, height / 2, width, height);
        graphics.dispose();
        return picture;
    }

    private static void fill(Graphics2D graphics, Color color, int x, int y, int width, int height) {
        graphics.setColor(color);
        graphics.fillRect(x, y, width, height);
    }

    /** A JPEG file that stores the upright picture as the EXIF tag says. */
    public static byte[] jpeg(int width, int height, int orientation) {
        return withExif(encoded(stored(upright(width, height), orientation), "jpeg"), orientation);
    }

    /** A JPEG file whose bytes no other number gives. */
    public static byte[] numbered(int number) {
        byte[] jpeg = jpeg(64, 48, 1);
        byte[] numbered = Arrays.copyOf(jpeg, jpeg.length + 4);
        ByteBuffer.wrap(numbered).putInt(jpeg.length, number);
        return numbered;
    }

    /** A file in any format, stored upright. */
    public static byte[] encoded(int width, int height, String format) {
        return encoded(upright(width, height), format);
    }

    public static byte[] encoded(BufferedImage picture, String format) {
        if (format.equals("webp")) {
            return WebpFiles.encoded(picture);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(picture, format, bytes)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    public static BufferedImage decoded(byte[] file) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(file));
    }

    /** Where the EXIF standard says that row 0 and column 0 of the file are in the upright picture. */
    static BufferedImage stored(BufferedImage upright, int orientation) {
        int right = upright.getWidth() - 1;
        int bottom = upright.getHeight() - 1;
        boolean swapped = orientation >= 5;
        BufferedImage stored = new BufferedImage(
                swapped ? bottom + 1 : right + 1, swapped ? right + 1 : bottom + 1, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < stored.getHeight(); row++) {
            for (int column = 0; column < stored.getWidth(); column++) {
                int rgb = switch (orientation) {
                    case 1 -> upright.getRGB(column, row);
                    case 2 -> upright.getRGB(right - column, row);
                    case 3 -> upright.getRGB(right - column, bottom - row);
                    case 4 -> upright.getRGB(column, bottom - row);
                    case 5 -> upright.getRGB(row, column);
                    case 6 -> upright.getRGB(right - row, column);
                    case 7 -> upright.getRGB(right - row, bottom - column);
                    case 8 -> upright.getRGB(row, bottom - column);
                    default -> throw new IllegalArgumentException("orientation " + orientation);
                };
                stored.setRGB(column, row, rgb);
            }
        }
        return stored;
    }

    static byte[] tiff(int orientation) {
        return ByteBuffer.allocate(26)
                .put(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1})
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array();
    }

    /** Puts an EXIF segment after the start marker of a JPEG file. */
    static byte[] withExif(byte[] jpeg, int orientation) {
        byte[] tiff = tiff(orientation);
        return ByteBuffer.allocate(jpeg.length + 4 + EXIF_HEADER.length + tiff.length)
                .put(jpeg, 0, 2)
                .putShort((short) 0xFFE1)
                .putShort((short) (2 + EXIF_HEADER.length + tiff.length))
                .put(EXIF_HEADER)
                .put(tiff)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** Puts an eXIf chunk after the header chunk of a PNG file. */
    static byte[] pngWithExif(int width, int height, int orientation) {
        return withChunk(encoded(stored(upright(width, height), orientation), "png"), "eXIf", tiff(orientation));
    }

    /** A PNG file all of one grey and one opacity, each from 0 to 1, in so many bits. */
    static byte[] greyAlphaPng(double grey, double alpha, int bits) {
        int most = (1 << bits) - 1;
        int dataType = bits == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT;
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false, Transparency.TRANSLUCENT, dataType);
        WritableRaster pixels = model.createCompatibleWritableRaster(40, 40);
        fill(pixels, (int) Math.round(grey * most), (int) Math.round(alpha * most));
        return encoded(new BufferedImage(model, pixels, false, null), "png");
    }

    private static void fill(WritableRaster pixels, int... color) {
        for (int y = 0; y < pixels.getHeight(); y++) {
            for (int x = 0; x < pixels.getWidth(); x++) {
                pixels.setPixel(x, y, color);
            }
        }
    }

    /** A PNG file all of one grey, which its tRNS chunk calls transparent. */
    static byte[] transparentGreyPng(int grey) {
        byte[] png = encoded(grey(grey), "png");
        return withChunk(png, "tRNS", new byte[] {0, (byte) grey});
    }

    /** A picture all of one grey. */
    static BufferedImage grey(int grey) {
        BufferedImage picture = new BufferedImage(40, 40, BufferedImage.TYPE_BYTE_GRAY);
        fill(picture.getRaster(), grey);
        return picture;
    }

    /** A JPEG file all of one colour, as image editors write CMYK for print: the ink's share is stored inverted. */
    static byte[] cmykJpeg(Color color) {
        return withAdobe(jpegOfFour(color.getRed(), color.getGreen(), color.getBlue(), 255), 0);
    }

    /** The same with the three inks stored as brightness and colour differences. */
    static byte[] ycckJpeg(Color color) {
        int cyan = 255 - color.getRed();
        int magenta = 255 - color.getGreen();
        int yellow = 255 - color.getBlue();
        double brightness = 0.299 * cyan + 0.587 * magenta + 0.114 * yellow;
        double blueness = 128 + (yellow - brightness) / 1.772;
        double redness = 128 + (cyan - brightness) / 1.402;
        return withAdobe(jpegOfFour((int) brightness, (int) blueness, (int) redness, 255), 2);
    }

    private static byte[] jpegOfFour(int... color) {
        WritableRaster pixels = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 40, 40, 4, null);
        fill(pixels, color);
        ImageWriter writer =
                ImageIO.getImageWriter(ImageIO.getImageReadersBySuffix("jpg").next());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.write(null, new IIOImage(pixels, null, null), null);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** Puts the segment that says how the colours are stored after the start marker of a JPEG file. */
    private static byte[] withAdobe(byte[] jpeg, int transform) {
        return ByteBuffer.allocate(jpeg.length + 16)
                .put(jpeg, 0, 2)
                .put(new byte[] {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0})
                .put((byte) transform)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** A picture of 16 bits a colour, all of one. */
    static BufferedImage deep(Color color) {
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_USHORT);
        WritableRaster pixels = model.createCompatibleWritableRaster(40, 40);
        fill(pixels, color.getRed() * 257, color.getGreen() * 257, color.getBlue() * 257);
        return new BufferedImage(model, pixels, false, null);
    }

    /** A picture of a table of two colours, the second transparent, all of the one or the other. */
    static BufferedImage indexed(Color color, boolean transparent) {
        byte[] red = {(byte) color.getRed(), 0};
        byte[] green = {(byte) color.getGreen(), 0};
        byte[] blue = {(byte) color.getBlue(), 0};
        BufferedImage picture = new BufferedImage(
                40, 40, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 2, red, green, blue, 1));
        fill(picture.getRaster(), transparent ? 1 : 0);
        return picture;
    }

    private static byte[] withChunk(byte[] png, String type, byte[] data) {
        byte[] typed = ByteBuffer.allocate(4 + data.length)
                .put(type.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .put(data)
                .array();
        return ByteBuffer.allocate(png.length + 12 + data.length)
                .put(png, 0, 33)
                .putInt(data.length)
                .put(typed)
                .putInt(checksum(typed))
                .put(png, 33, png.length - 33)
                .array();
    }

    /** A PNG file of few bytes that claims to be of that size. */
    public static byte[] pngClaiming(int width, int height) {
        byte[] png = encoded(8, 8, "png");
        ByteBuffer buffer = ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
        return buffer.putInt(29, checksum(Arrays.copyOfRange(png, 12, 29))).array();
    }

    private static int checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
