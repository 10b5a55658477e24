package io.taskmanager.sample.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.WritableRaster;

/**
 * Pictures of grey and transparency. Java 2D takes their grey for linear light, and draws it paler than the same grey
 * without transparency.
 */
final class GreyAlpha {

    private static final ColorSpace GREY = ColorSpace.getInstance(ColorSpace.CS_GRAY);
    private static final ColorSpace RGB = ColorSpace.getInstance(ColorSpace.CS_sRGB);
    private static final int[] RED_GREEN_BLUE_ALPHA = {0, 0, 0, 1};

    private GreyAlpha() {}

    /** The same pixels, with the grey as red, as green and as blue; a picture of another kind as it is. */
    static BufferedImage asRgb(BufferedImage picture) {
        ColorModel model = picture.getColorModel();
        if (!model.hasAlpha() || !model.getColorSpace().equals(GREY)) {
            return picture;
        }
        WritableRaster pixels = picture.getRaster();
        WritableRaster shared =
                pixels.createWritableChild(0, 0, pixels.getWidth(), pixels.getHeight(), 0, 0, RED_GREEN_BLUE_ALPHA);
        boolean premultiplied = picture.isAlphaPremultiplied();
        ColorModel rgb =
                new ComponentColorModel(RGB, true, premultiplied, model.getTransparency(), shared.getTransferType());
        return new BufferedImage(rgb, shared, premultiplied, null);
    }
}
