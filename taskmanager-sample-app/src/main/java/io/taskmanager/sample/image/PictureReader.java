package io.taskmanager.sample.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads pictures with one kept reader for each format. Large ones are thinned out while they are decoded, so that the
 * pixels of a huge picture are never in memory at once.
 */
final class PictureReader implements AutoCloseable {

    /** A row of pixels is decoded whole, so its length is bounded too. */
    private static final int LONGEST_SIDE = 65_535;

    private final long maxPixels;
    private final int fullWidth;
    private final List<ImageReader> readers;
    private @Nullable String truncation;

    /**
     * @param maxPixels the largest picture taken
     * @param fullWidth the width, upright, up to which no detail is lost
     */
    PictureReader(long maxPixels, int fullWidth) {
        this.maxPixels = maxPixels;
        this.fullWidth = fullWidth;
        this.readers = Stream.of("jpeg", "png", "gif", "bmp", "webp")
                .map(this::readerOf)
                .toList();
    }

    private ImageReader readerOf(String format) {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        reader.addIIOReadWarningListener((source, warning) -> noteTruncation(warning));
        return reader;
    }

    /** The JPEG reader pads a truncated picture with grey and only warns of it. */
    private void noteTruncation(String warning) {
        String text = warning.toLowerCase(Locale.ROOT);
        if (text.contains("truncated") || text.contains("premature")) {
            truncation = warning;
        }
    }

    /**
     * Reads a picture.
     *
     * @param name the file's name, for messages
     * @throws UnreadableImageException if the file is no picture, or a broken one
     * @throws ImageTooLargeException if the picture has too many pixels
     */
    Picture read(byte[] file, String name) {
        try (ImageInputStream input = new ByteArrayImageInputStream(file)) {
            return read(file, name, input);
        } catch (UnreadableImageException | ImageTooLargeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The decoders answer broken data with nearly any exception.
            throw new UnreadableImageException(name, fault(e), e);
        }
    }

    private Picture read(byte[] file, String name, ImageInputStream input) throws IOException {
        ImageReader reader = readerFor(input, name);
        reader.setInput(input, true, true);
        try {
            String format = reader.getFormatName().toLowerCase(Locale.ROOT);
            if (format.equals("webp") && !Chunks.isWholeWebp(file)) {
                throw new EOFException(); // the reader takes the missing bytes for zeros
            }
            Size stored = checked(new Size(reader.getWidth(0), reader.getHeight(0)), name);
            Orientation orientation = OrientationReader.read(file, format, name);
            return new Picture(format, stored, orientation, decode(reader, stored.turned(orientation)));
        } finally {
            reader.setInput(null);
        }
    }

    private ImageReader readerFor(ImageInputStream input, String name) throws IOException {
        for (ImageReader reader : readers) {
            if (fits(reader, input)) {
                return reader;
            }
        }
        throw new UnreadableImageException(name, "it is no JPEG, PNG, GIF, BMP or WebP file", null);
    }

    private static boolean fits(ImageReader reader, ImageInputStream input) throws IOException {
        input.seek(0);
        try {
            return reader.getOriginatingProvider().canDecodeInput(input);
        } catch (EOFException e) {
            return false; // the file is shorter than what this format begins with
        }
    }

    private Size checked(Size size, String name) {
        if (size.pixels() > maxPixels || Math.max(size.width(), size.height()) > LONGEST_SIDE) {
            throw new ImageTooLargeException("\"" + name + "\" is a picture of " + size + " pixels; at most "
                    + maxPixels + " pixels, and " + LONGEST_SIDE + " on a side, are taken");
        }
        return size;
    }

    private BufferedImage decode(ImageReader reader, Size upright) throws IOException {
        int step = Math.max(1, (int) upright.ratioTo(fullWidth));
        ImageReadParam thinned = reader.getDefaultReadParam();
        thinned.setSourceSubsampling(step, step, 0, 0);
        truncation = null;
        BufferedImage pixels = reader.read(0, thinned);
        if (truncation != null) {
            throw new IIOException(truncation);
        }
        return GreyAlpha.asRgb(pixels);
    }

    private static String fault(Exception e) {
        if (e instanceof EOFException) {
            return "it ends too early";
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public void close() {
        readers.forEach(ImageReader::dispose);
    }
}
