package io.taskmanager.sample.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.awt.image.DirectColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/**
 * Two pixel buffers that are handed out in turn and kept from picture to picture. Whoever draws from the last canvas
 * onto the next never reads what it writes; a canvas is good until the next but one is asked for.
 */
final class Canvases {

    private static final DirectColorModel RGB = new DirectColorModel(24, 0xff0000, 0x00ff00, 0x0000ff);

    private int[] next = new int[0];
    private int[] last = new int[0];

    BufferedImage next(int width, int height) {
        int[] buffer = next.length >= width * height ? next : new int[width * height];
        next = last;
        last = buffer;
        WritableRaster raster = Raster.createPackedRaster(
                new DataBufferInt(buffer, width * height), width, height, width, RGB.getMasks(), null);
        return new BufferedImage(RGB, raster, false, null);
    }
}
