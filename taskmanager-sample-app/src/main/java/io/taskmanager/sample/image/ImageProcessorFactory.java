package io.taskmanager.sample.image;

import io.taskmanager.sample.resource.CountedFactory;

/** Makes the resources of the {@code images} manager. */
public final class ImageProcessorFactory extends CountedFactory<ImageProcessor> {

    private final long maxPixels;

    public ImageProcessorFactory(long maxPixels) {
        super("images");
        this.maxPixels = maxPixels;
    }

    @Override
    protected ImageProcessor open() {
        return new ImageProcessor(maxPixels);
    }

    @Override
    protected void close(ImageProcessor processor) {
        processor.close();
    }
}
