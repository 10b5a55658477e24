package io.taskmanager.sample.image;

/** The width and height of a picture, in pixels. */
public record Size(int width, int height) {

    long pixels() {
        return (long) width * height;
    }

    Size turned(Orientation orientation) {
        return orientation.swapsSides() ? new Size(/* width= */ height, /* height= */ width) : this;
    }

    /**
     * The size shrunk, in proportion, to a width. A picture more than twice as high as wide is shrunk further, to twice
     * that width in height, so that a width bounds the memory too. Nothing is ever enlarged.
     */
    Size shrunkTo(int maxWidth) {
        double ratio = ratioTo(maxWidth);
        return ratio <= 1 ? this : new Size(atLeastOne(width / ratio), atLeastOne(height / ratio));
    }

    /** How many times larger the picture is than a thumbnail of that width. */
    double ratioTo(int maxWidth) {
        return Math.max((double) width / maxWidth, (double) height / (2 * maxWidth));
    }

    private static int atLeastOne(double side) {
        return Math.max(1, (int) Math.round(side));
    }

    @Override
    public String toString() {
        return width + " x " + height;
    }
}
