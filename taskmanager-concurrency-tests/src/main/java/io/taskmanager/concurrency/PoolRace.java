package io.taskmanager.concurrency;

import io.taskmanager.ResourceFactory;
import io.taskmanager.engine.resource.ResourcePool;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.resource.Slot;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The real pool of runTask, with room for one resource. */
abstract class PoolRace {

    final AtomicInteger created = new AtomicInteger();
    final AtomicInteger destroyed = new AtomicInteger();
    /** Whether the close found an idle resource, which it destroys on a thread of its own: here, its caller's. */
    volatile boolean closeDestroys;

    final StillTimer timer = new StillTimer();
    final Resources<Object> resources = Quiet.resources(
            ResourceFactory.of(created::incrementAndGet, resource -> destroyed.incrementAndGet()), timer);
    final ResourcePool<Object> pool = new ResourcePool<>("race", resources, Quiet.LOGGER, this::inCaller, 1, 0);

    private Thread inCaller(Runnable action) {
        closeDestroys = true;
        return new Thread(action) {
            @Override
            public void start() {
                action.run();
            }
        };
    }

    final Slot<Object> acquire() {
        try {
            return pool.acquire(this, Duration.ZERO, 0);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    final String balance() {
        return created.get() + " created " + destroyed.get() + " destroyed";
    }
}
