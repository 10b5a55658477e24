package io.taskmanager.sample.demo;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Draws hills under a sky and makes JPEG files of them, in memory. A drawing is used for several files, which differ in a
 * comment: to draw takes much longer than to import. Not for several threads at a time.
 */
final class GeneratedPhotos {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 720;
    private static final int RIDGES = 4;
    private static final int FILES_OF_EACH = 5;
    private static final int START_MARKER = 2;

    private final Random random = new Random();
    private final BufferedImage canvas = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);

    private byte[] drawn = {};
    private int files;

    /** A file that no other one is the same as. */
    byte[] next() throws IOException {
        if (files++ % FILES_OF_EACH == 0) {
            drawn = draw();
        }
        return commented(drawn, UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Puts a comment segment after the start marker. */
    private static byte[] commented(byte[] jpeg, byte[] comment) {
        return ByteBuffer.allocate(jpeg.length + 4 + comment.length)
                .put(jpeg, 0, START_MARKER)
                .putShort((short) 0xFFFE)
                .putShort((short) (2 + comment.length))
                .put(comment)
                .put(jpeg, START_MARKER, jpeg.length - START_MARKER)
                .array();
    }

    private byte[] draw() throws IOException {
        Graphics2D graphics = canvas.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            draw(graphics, random.nextFloat());
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(canvas, "jpeg", output);
        }
        return bytes.toByteArray();
    }

    private void draw(Graphics2D graphics, float hue) {
        graphics.setPaint(new GradientPaint(
                0, 0, Color.getHSBColor(hue, 0.55f, 0.85f), 0, HEIGHT, Color.getHSBColor(hue + 0.12f, 0.25f, 1)));
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        int sun = 60 + random.nextInt(90);
        graphics.setColor(Color.getHSBColor(hue + 0.15f, 0.15f, 1));
        graphics.fillOval(random.nextInt(WIDTH - sun), random.nextInt(HEIGHT / 3), sun, sun);
        for (int ridge = 0; ridge < RIDGES; ridge++) {
            graphics.setColor(Color.getHSBColor(hue + 0.05f * ridge, 0.35f + 0.12f * ridge, 0.75f - 0.17f * ridge));
            graphics.fill(ridge(HEIGHT * (3 + ridge) / 7.5));
        }
    }

    private Path2D ridge(double height) {
        double swing = 30 + random.nextInt(50);
        double length = 90 + random.nextInt(160);
        double phase = random.nextDouble() * 6;
        Path2D ridge = new Path2D.Double();
        ridge.moveTo(0, HEIGHT);
        for (int x = 0; x <= WIDTH; x += 4) {
            ridge.lineTo(
                    x, height + swing * (Math.sin(x / length + phase) + Math.sin(x / (length * 0.37) - phase) / 3));
        }
        ridge.lineTo(WIDTH, HEIGHT);
        ridge.closePath();
        return ridge;
    }
}
