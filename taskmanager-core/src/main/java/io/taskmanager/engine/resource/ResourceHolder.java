package io.taskmanager.engine.resource;

import java.util.concurrent.atomic.AtomicBoolean;

/** A resource that {@link Resources} created once and destroys once. */
public final class ResourceHolder<R> {

    private final R resource;
    private final AtomicBoolean destroyed = new AtomicBoolean();

    ResourceHolder(R resource) {
        this.resource = resource;
    }

    public R resource() {
        return resource;
    }

    /** True for the first caller alone. */
    boolean live2destroyed() {
        return destroyed.compareAndSet(false, true);
    }
}
