package io.taskmanager.sample.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;

/** Shrinks pictures and turns them upright. What a method returns is good until the next but one call. */
final class Shrinker {

    private final Canvases canvases = new Canvases();

    /** Shrinks by halves, each pixel the mean of four, and by what is left at last. */
    BufferedImage shrink(BufferedImage picture, Size size) {
        BufferedImage shrunk = picture;
        while (shrunk.getWidth() >= 2 * size.width() && shrunk.getHeight() >= 2 * size.height()) {
            shrunk = scaled(shrunk, shrunk.getWidth() / 2, shrunk.getHeight() / 2);
        }
        return scaled(shrunk, size.width(), size.height());
    }

    private BufferedImage scaled(BufferedImage picture, int width, int height) {
        AffineTransform scale = AffineTransform.getScaleInstance(
                (double) width / picture.getWidth(), (double) height / picture.getHeight());
        return drawn(picture, scale, canvases.next(width, height));
    }

    /** Turns a picture upright, pixel by pixel. */
    BufferedImage upright(BufferedImage picture, Orientation orientation) {
        Size size = new Size(picture.getWidth(), picture.getHeight()).turned(orientation);
        AffineTransform turn = orientation.uprighting(picture.getWidth(), picture.getHeight());
        return drawn(picture, turn, canvases.next(size.width(), size.height()));
    }

    private static BufferedImage drawn(BufferedImage picture, AffineTransform transform, BufferedImage canvas) {
        Graphics2D graphics = canvas.createGraphics();
        try {
            graphics.setBackground(Color.WHITE); // shows where the picture is transparent; the buffer is a used one
            graphics.clearRect(0, 0, canvas.getWidth(), canvas.getHeight());
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(picture, transform, null);
        } finally {
            graphics.dispose();
        }
        return canvas;
    }
}
