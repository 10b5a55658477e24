package io.taskmanager.model;

import io.taskmanager.ResourceFactory;
import io.taskmanager.testkit.Sneaky;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** A factory that fails as chance has it, sometimes in a row, and keeps count of what lives. In fixed memory. */
class ModelFactory implements ResourceFactory<ModelResource> {

    /** Creations are dealt out in blocks; the first few of some blocks fail, which is an outage. */
    private static final int BLOCK = 8;

    /** More than ever live at a time, so that to note one takes no memory after it was noted. */
    private static final int MOST_LIVING = 1 << 10;

    private static final int MOST_CROWDS = 20;

    private final World world;
    private final int limit;
    private final boolean threadBound;

    // Guarded by this.
    private final Set<ModelResource> living = new HashSet<>(MOST_LIVING);
    private int creating;
    private long calls;
    private long created;
    private long destroyed;
    private int peak;
    private long validations;
    private final List<Crowd> crowds = new ArrayList<>();

    /** @param limit the most resources that may live at a time */
    ModelFactory(World world, int limit, boolean threadBound) {
        this.world = world;
        this.limit = limit;
        this.threadBound = threadBound;
    }

    @Override
    public ModelResource create() throws Exception {
        long call = beginCreation();
        ModelResource resource = null;
        try {
            resource = create(call);
            return resource;
        } finally {
            endCreation(resource);
        }
    }

    private ModelResource create(long call) throws InterruptedException {
        SplittableRandom random = world.random(0x1000_0000_0000L + call);
        SplittableRandom ofBlock = world.random(0x2000_0000_0000L + call / BLOCK);
        boolean outage = ofBlock.nextDouble() < world.temper.faults / 2 && call % BLOCK < ofBlock.nextInt(1, 5);
        world.maybeStop(random);
        boolean fails = outage || random.nextDouble() < world.temper.faults / 8;
        if (random.nextDouble() < world.temper.faults) {
            world.pause(random.nextInt(random.nextInt(10) == 0 ? 20_000 : 1_000));
        }
        if (fails) {
            switch (random.nextInt(3)) {
                case 0 -> throw new IllegalStateException("creation " + call + " fails");
                case 1 -> throw new AssertionError("creation " + call + " fails badly");
                default -> {
                    return null;
                }
            }
        }
        return new ModelResource(world, call, threadBound);
    }

    @Override
    public void destroy(ModelResource resource) throws Exception {
        resource.destroying();
        try {
            SplittableRandom random = world.random(0x3000_0000_0000L + resource.id());
            world.maybeStop(random);
            if (random.nextDouble() < world.temper.faults) {
                World.dawdle(random.nextInt(500));
            }
            if (random.nextDouble() < world.temper.faults) {
                throw failure(random, "destruction of " + resource);
            }
        } finally {
            gone(resource);
        }
    }

    @Override
    public boolean validate(ModelResource resource) {
        resource.validating();
        SplittableRandom random = world.random(0x4000_0000_0000L + nextValidation());
        world.maybeStop(random);
        if (random.nextDouble() >= Math.max(0.1, world.temper.faults)) {
            return true;
        }
        resource.condemn("it was found unfit");
        if (random.nextBoolean()) {
            throw failure(random, "validation of " + resource);
        }
        return false;
    }

    /** One whose resources are reset between two tasks. */
    static final class Resetting extends ModelFactory {

        Resetting(World world, int limit, boolean threadBound) {
            super(world, limit, threadBound);
        }

        @Override
        boolean resets() {
            return true;
        }

        @Override
        public void reset(ModelResource resource) {
            super.resetOrFail(resource);
        }
    }

    /** Whether its resources are to be reset between two tasks. */
    boolean resets() {
        return false;
    }

    private void resetOrFail(ModelResource resource) {
        resource.resetting();
        SplittableRandom random = world.random(0x5000_0000_0000L + nextValidation());
        world.maybeStop(random);
        if (random.nextDouble() < world.temper.faults / 4) {
            resource.condemn("it could not be reset");
            throw failure(random, "reset of " + resource);
        }
    }

    @Override
    public boolean threadBound() {
        return threadBound;
    }

    private RuntimeException failure(SplittableRandom random, String what) {
        switch (random.nextInt(3)) {
            case 0 -> throw new IllegalStateException(what + " fails");
            case 1 -> throw new AssertionError(what + " fails badly");
            default -> {
                world.willInterrupt();
                throw Sneaky.rethrow(new InterruptedException(what + " was interrupted"));
            }
        }
    }

    private synchronized long beginCreation() {
        // It asks the engine, which may be without stack: nothing is counted before that.
        Map<ModelResource, Integer> counted = living.stream()
                .filter(resource -> !resource.mayBeAbandoned())
                .collect(Collectors.toMap(resource -> resource, ModelResource::uses));
        if (creating + 1 + counted.size() > limit && crowds.size() < MOST_CROWDS) {
            crowds.add(new Crowd(creating + 1, counted));
        }
        creating++;
        peak = Math.max(peak, creating + living.size());
        return calls++;
    }

    private synchronized void endCreation(ModelResource resource) {
        creating--;
        if (resource != null) {
            living.add(resource); // where this finds no memory, none was created
            created++;
        }
    }

    private synchronized void gone(ModelResource resource) {
        destroyed++;
        living.remove(resource);
    }

    private synchronized long nextValidation() {
        return validations++;
    }

    synchronized long created() {
        return created;
    }

    synchronized int peak() {
        return peak;
    }

    /**
     * More resources than may live at a time, as it seemed: a task may have been abandoned with its resource before its first
     * line, and only that line tells of it.
     *
     * @param living those that live, with their uses until then
     */
    private record Crowd(int creating, Map<ModelResource, Integer> living) {

        long size() {
            return creating
                    + living.entrySet().stream()
                            .filter(e -> !e.getKey().wasCancelledBefore(e.getValue() + 1))
                            .count();
        }
    }

    /** Checks that nothing is left, and that there were never too many. */
    synchronized void checkEnd() {
        crowds.stream()
                .filter(crowd -> crowd.size() > limit)
                .forEach(crowd -> world.breach(crowd.size() + " resources alive, of at most " + limit));
        if (creating != 0 || !living.isEmpty() || created != destroyed) {
            world.breach("created " + created + " resources, destroyed " + destroyed + ", left " + living
                    + ", still creating " + creating);
        }
    }
}
