package io.taskmanager.sample.image;

import java.awt.geom.AffineTransform;
import java.util.stream.Stream;

/** How a stored picture must be turned to be upright: the eight values of the EXIF tag, in its order. */
public enum Orientation {
    NORMAL(1, 1, 0, 0, 1),
    MIRRORED(2, -1, 0, 0, 1),
    UPSIDE_DOWN(3, -1, 0, 0, -1),
    UPSIDE_DOWN_MIRRORED(4, 1, 0, 0, -1),
    TRANSPOSED(5, 0, 1, 1, 0),
    QUARTER_TURN(6, 0, 1, -1, 0),
    TRANSVERSED(7, 0, -1, -1, 0),
    THREE_QUARTER_TURN(8, 0, -1, 1, 0);

    private final int tag;

    // The matrix: upright x = xx * x + xy * y, upright y = yx * x + yy * y, moved back into the picture.
    private final int xx;
    private final int yx;
    private final int xy;
    private final int yy;

    Orientation(int tag, int xx, int yx, int xy, int yy) {
        this.tag = tag;
        this.xx = xx;
        this.yx = yx;
        this.xy = xy;
        this.yy = yy;
    }

    /** The orientation of an EXIF tag; normal for a value that EXIF does not know. */
    static Orientation ofTag(int tag) {
        return Stream.of(values())
                .filter(orientation -> orientation.tag == tag)
                .findFirst()
                .orElse(NORMAL);
    }

    /** The value of the EXIF tag, 1 to 8. */
    public int tag() {
        return tag;
    }

    /** Whether the upright picture is as wide as the stored one is high. */
    public boolean swapsSides() {
        return xx == 0;
    }

    /** Maps a stored picture of the given size to the upright one. */
    AffineTransform uprighting(int width, int height) {
        int moveX = (xx < 0 ? width : 0) + (xy < 0 ? height : 0);
        int moveY = (yx < 0 ? width : 0) + (yy < 0 ? height : 0);
        return new AffineTransform(xx, yx, xy, yy, moveX, moveY);
    }
}
