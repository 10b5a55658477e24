package io.taskmanager.sample.image;

import java.awt.image.BufferedImage;

/**
 * A picture as read.
 *
 * @param format jpeg, png, gif, bmp or webp
 * @param stored the size in the file
 * @param orientation how to turn it upright
 * @param pixels the pixels as stored, perhaps fewer than in the file
 */
record Picture(String format, Size stored, Orientation orientation, BufferedImage pixels) {

    Size upright() {
        return stored.turned(orientation);
    }
}
