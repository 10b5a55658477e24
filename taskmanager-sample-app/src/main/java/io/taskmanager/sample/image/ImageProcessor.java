package io.taskmanager.sample.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Reads pictures and makes upright thumbnails of them. Keeps its decoders, encoder and pixel buffers, some tens of
 * megabytes, from one picture to the next: that is what makes it worth pooling, and why only one thread at a time may
 * use it.
 */
public final class ImageProcessor implements AutoCloseable {

    /** The widest picture it makes. */
    public static final int MAX_WIDTH = 1280;

    private final Shrinker shrinker = new Shrinker();
    private final JpegEncoder encoder = new JpegEncoder();
    private final PictureReader reader;

    /** Makes a processor that takes pictures of at most so many pixels. */
    public ImageProcessor(long maxPixels) {
        this.reader = new PictureReader(maxPixels, MAX_WIDTH);
    }

    /**
     * Identifies a picture and makes its thumbnails.
     *
     * @param file all its bytes
     * @param name the file's name, for messages
     * @throws UnreadableImageException if the file is no picture, or a broken one
     * @throws ImageTooLargeException if the picture has too many pixels
     */
    public Developed develop(byte[] file, String name, List<Integer> widths) throws IOException {
        Picture picture = reader.read(file, name);
        return new Developed(
                ContentHash.of(file),
                picture.format(),
                picture.upright(),
                picture.orientation(),
                thumbnails(picture, widths));
    }

    /** One upright JPEG of at most the given width; throws as {@link #develop} does. */
    public byte[] render(byte[] file, String name, int width) throws IOException {
        return thumbnails(reader.read(file, name), List.of(width)).get(0).jpeg();
    }

    /** Each thumbnail is made of the next larger one. */
    private List<Thumbnail> thumbnails(Picture picture, List<Integer> widths) throws IOException {
        Deque<Thumbnail> thumbnails = new ArrayDeque<>();
        List<Integer> widestFirst =
                widths.stream().sorted(Comparator.reverseOrder()).toList();
        BufferedImage upright = upright(picture, widestFirst.get(0));
        for (int width : widestFirst) {
            Size size = new Size(upright.getWidth(), upright.getHeight()).shrunkTo(width);
            upright = shrinker.shrink(upright, size);
            thumbnails.addFirst(new Thumbnail(width, encoder.encode(upright)));
        }
        return List.copyOf(thumbnails);
    }

    private BufferedImage upright(Picture picture, int width) {
        Size size = picture.upright().shrunkTo(width).turned(picture.orientation());
        return shrinker.upright(shrinker.shrink(picture.pixels(), size), picture.orientation());
    }

    @Override
    public void close() {
        reader.close();
        encoder.close();
    }
}
