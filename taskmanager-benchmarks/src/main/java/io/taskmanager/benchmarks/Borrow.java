package io.taskmanager.benchmarks;

import com.zaxxer.hikari.util.ConcurrentBag;
import com.zaxxer.hikari.util.ConcurrentBag.IConcurrentBagEntry;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import stormpot.Allocator;
import stormpot.Pool;
import stormpot.Poolable;
import stormpot.Slot;
import stormpot.Timeout;

/** Those who lend a resource of a few to the caller's thread. */
public enum Borrow {
    RUN_TASK("taskmanager, `runTask`") {
        @Override
        Lender start(int size) {
            TaskManager<Thing, Object> manager =
                    TaskManagers.create(TaskManagerConfig.builder(ResourceFactory.of(Thing::new, thing -> {}))
                            .workerCount(1)
                            .maxWorkerCount(1)
                            .burstInterval(Duration.ZERO)
                            .resourcePoolSize(size)
                            .maxTemporaryResources(0)
                            .build());
            return new Lender() {
                @Override
                public long use(ToLongFunction<Thing> work) throws InterruptedException {
                    return manager.<Long>runTask((context, thing) -> work.applyAsLong(thing));
                }

                @Override
                public void close() {
                    manager.close();
                }
            };
        }
    },
    COMMONS_POOL("commons-pool2 `GenericObjectPool`") {
        @Override
        Lender start(int size) {
            GenericObjectPool<Thing> pool = new GenericObjectPool<>(new BasePooledObjectFactory<>() {
                @Override
                public Thing create() {
                    return new Thing();
                }

                @Override
                public PooledObject<Thing> wrap(Thing thing) {
                    return new DefaultPooledObject<>(thing);
                }
            });
            pool.setMaxTotal(size);
            pool.setMaxIdle(size);
            return new Lender() {
                @Override
                public long use(ToLongFunction<Thing> work) throws Exception {
                    Thing thing = pool.borrowObject();
                    try {
                        return work.applyAsLong(thing);
                    } finally {
                        pool.returnObject(thing);
                    }
                }

                @Override
                public void close() {
                    pool.close();
                }
            };
        }
    },
    STORMPOT("Stormpot") {
        @Override
        Lender start(int size) {
            Pool<Thing> pool = Pool.from(new Allocator<Thing>() {
                        @Override
                        public Thing allocate(Slot slot) {
                            Thing thing = new Thing();
                            thing.slot = slot;
                            return thing;
                        }

                        @Override
                        public void deallocate(Thing thing) {}
                    })
                    .setSize(size)
                    .build();
            Timeout timeout = new Timeout(30, TimeUnit.SECONDS);
            return new Lender() {
                @Override
                public long use(ToLongFunction<Thing> work) throws InterruptedException {
                    Thing thing = pool.claim(timeout);
                    try {
                        return work.applyAsLong(thing);
                    } finally {
                        thing.release();
                    }
                }

                @Override
                public void close() throws InterruptedException {
                    if (!pool.shutdown().await(timeout)) {
                        throw new IllegalStateException("Stormpot does not end");
                    }
                }
            };
        }
    },
    HIKARI("HikariCP's `ConcurrentBag`") {
        @Override
        Lender start(int size) {
            ConcurrentBag<Thing> bag = new ConcurrentBag<>(waiting -> {});
            for (int i = 0; i < size; i++) {
                bag.add(new Thing());
            }
            return new Lender() {
                @Override
                public long use(ToLongFunction<Thing> work) throws InterruptedException {
                    Thing thing = bag.borrow(30, TimeUnit.SECONDS);
                    try {
                        return work.applyAsLong(thing);
                    } finally {
                        bag.requite(thing);
                    }
                }

                @Override
                public void close() {
                    bag.close();
                }
            };
        }
    },
    COMMONS_POOL_METERED(COMMONS_POOL.title + " with equal metrics") {
        @Override
        Lender start(int size) throws Exception {
            return metered(COMMONS_POOL.start(size));
        }
    },
    STORMPOT_METERED(STORMPOT.title + " with equal metrics") {
        @Override
        Lender start(int size) throws Exception {
            return metered(STORMPOT.start(size));
        }
    },
    HIKARI_METERED(HIKARI.title + " with equal metrics") {
        @Override
        Lender start(int size) throws Exception {
            return metered(HIKARI.start(size));
        }
    },
    FLOOR("two looks at the clock and the work") {
        @Override
        Lender start(int size) {
            Thing thing = new Thing();
            return new Lender() {
                @Override
                public long use(ToLongFunction<Thing> work) {
                    return Floor.time(() -> work.applyAsLong(thing));
                }

                @Override
                public void close() {}
            };
        }
    };

    private final String title;

    Borrow(String title) {
        this.title = title;
    }

    /** How the tables name it, in markdown. */
    String title() {
        return title;
    }

    /** The same with two looks at the clock, two histograms and counters. */
    private static Lender metered(Lender plain) {
        Meter meter = new Meter();
        return new Lender() {
            @Override
            public long use(ToLongFunction<Thing> work) throws Exception {
                meter.arrived();
                long started = System.nanoTime();
                boolean ended = false;
                try {
                    long result = plain.use(work);
                    ended = true;
                    return result;
                } finally {
                    meter.ended(ended, started, started, System.nanoTime());
                }
            }

            @Override
            public void close() throws Exception {
                plain.close();
            }
        };
    }

    /** Starts it with so many resources. */
    abstract Lender start(int size) throws Exception;

    /** One that is measured. */
    interface Lender extends AutoCloseable {

        /** Does the work on a resource, on this thread. */
        long use(ToLongFunction<Thing> work) throws Exception;
    }

    /** A resource, as each pool wants it. */
    static final class Thing implements Poolable, IConcurrentBagEntry {

        private final AtomicInteger state = new AtomicInteger();
        private Slot slot;

        @Override
        public void release() {
            slot.release(this);
        }

        @Override
        public boolean compareAndSet(int expected, int next) {
            return state.compareAndSet(expected, next);
        }

        @Override
        public void setState(int next) {
            state.set(next);
        }

        @Override
        public int getState() {
            return state.get();
        }
    }
}
