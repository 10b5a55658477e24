package io.taskmanager.sample.demo;

import io.taskmanager.ResourceFactory;
import io.taskmanager.sample.image.ImageProcessor;

/** Makes processors as another factory does, except in an outage. */
final class BreakableFactory implements ResourceFactory<ImageProcessor> {

    private final ResourceFactory<ImageProcessor> factory;
    private final BrokenProcessors processors;

    BreakableFactory(ResourceFactory<ImageProcessor> factory, BrokenProcessors processors) {
        this.factory = factory;
        this.processors = processors;
    }

    @Override
    public ImageProcessor create() throws Exception {
        processors.beforeCreation();
        return factory.create();
    }

    @Override
    public void destroy(ImageProcessor processor) throws Exception {
        factory.destroy(processor);
    }
}
