package com.example.tools;

import io.taskmanager.ResourceFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Counts the resources of an application's factory, from the start of their creation to the end of their destruction. */
public final class Census implements BeanPostProcessor {

    private final AtomicInteger living = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger created = new AtomicInteger();

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof ResourceFactory<?> factory ? counted(factory) : bean;
    }

    public <R> ResourceFactory<R> counted(ResourceFactory<R> factory) {
        ResourceFactory.Builder<R> counted = ResourceFactory.<R>builder(() -> create(factory))
                .destroy(resource -> destroy(factory, resource))
                .validate(factory::validate)
                .reset(factory::reset);
        return factory.threadBound() ? counted.threadBound().build() : counted.build();
    }

    private <R> R create(ResourceFactory<R> factory) throws Exception {
        most.accumulateAndGet(living.incrementAndGet(), Math::max);
        boolean done = false;
        try {
            R resource = factory.create();
            created.incrementAndGet();
            done = true;
            return resource;
        } finally {
            if (!done) {
                living.decrementAndGet();
            }
        }
    }

    private <R> void destroy(ResourceFactory<R> factory, R resource) throws Exception {
        try {
            factory.destroy(resource);
        } finally {
            living.decrementAndGet();
        }
    }

    /** Resources that are not destroyed yet. */
    public int living() {
        return living.get();
    }

    /** The most of them at a time. */
    public int most() {
        return most.get();
    }

    /** How many creations have succeeded. */
    public int created() {
        return created.get();
    }
}
