package io.taskmanager.sample.resource;

import io.taskmanager.ResourceFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * A factory that counts what it created and destroyed, and says so when the application has ended: the two numbers are
 * then the same.
 *
 * @param <R> the resource
 */
public abstract class CountedFactory<R> implements ResourceFactory<R>, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(CountedFactory.class);

    private final String name;
    private final AtomicLong created = new AtomicLong();
    private final AtomicLong destroyed = new AtomicLong();

    protected CountedFactory(String name) {
        this.name = name;
    }

    @Override
    public final R create() throws Exception {
        R resource = open();
        created.incrementAndGet();
        return resource;
    }

    @Override
    public final void destroy(R resource) throws Exception {
        destroyed.incrementAndGet();
        close(resource);
    }

    /** Opens a resource. */
    protected abstract R open() throws Exception;

    /** Closes one. */
    protected abstract void close(R resource) throws Exception;

    /** The resources created so far. */
    public final long created() {
        return created.get();
    }

    /** The resources destroyed so far. */
    public final long destroyed() {
        return destroyed.get();
    }

    /** Called by Spring after the managers are gone. */
    @Override
    public final void destroy() {
        log.info("{}: resources: {} created, {} destroyed", name, created, destroyed);
    }
}
