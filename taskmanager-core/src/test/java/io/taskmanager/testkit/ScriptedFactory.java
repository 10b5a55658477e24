package io.taskmanager.testkit;

import io.taskmanager.ResourceFactory;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A factory that does as told, and keeps book of all that it was asked. Succeeds where the script says nothing. */
public final class ScriptedFactory implements ResourceFactory<Resource> {

    /** What one creation does in place of, or before, returning a resource. */
    @FunctionalInterface
    public interface Step {
        Resource create(ScriptedFactory factory) throws Throwable;
    }

    private final Queue<Step> script = new ConcurrentLinkedQueue<>();
    private final List<Resource> resources = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger creating = new AtomicInteger();
    private final AtomicInteger living = new AtomicInteger();
    private final AtomicInteger peakCreating = new AtomicInteger();
    private final AtomicInteger peakLiving = new AtomicInteger();
    private volatile Step otherwise = succeed();
    private volatile Destroyer<Resource> onDestroy = resource -> {};
    private volatile Predicate<Resource> fitness = resource -> true;
    private volatile boolean threadBound;

    public static Step succeed() {
        return ScriptedFactory::newResource;
    }

    public static Step fail(Throwable error) {
        return factory -> {
            throw error;
        };
    }

    public static Step returnNull() {
        return factory -> null;
    }

    /** Holds the creation until the gate is open, then goes on with another step. */
    public static Step block(Gate gate, Step then) {
        return factory -> {
            gate.pass();
            return then.create(factory);
        };
    }

    /** Adds what the next creations do, one step for each. */
    public ScriptedFactory next(Step... steps) {
        script.addAll(List.of(steps));
        return this;
    }

    /** What creations do from now on when the script is at its end. */
    public ScriptedFactory otherwise(Step step) {
        otherwise = step;
        return this;
    }

    /** What destructions do besides being noted. */
    public ScriptedFactory onDestroy(Destroyer<Resource> action) {
        onDestroy = action;
        return this;
    }

    /** What {@link #validate} answers; may throw. */
    public ScriptedFactory fitness(Predicate<Resource> test) {
        fitness = test;
        return this;
    }

    public ScriptedFactory bindToThreads() {
        threadBound = true;
        return this;
    }

    @Override
    public Resource create() throws Exception {
        calls.incrementAndGet();
        peakCreating.accumulateAndGet(creating.incrementAndGet(), Math::max);
        peakLiving.accumulateAndGet(living.incrementAndGet(), Math::max);
        Resource created = null;
        try {
            Step step = script.poll();
            created = (step == null ? otherwise : step).create(this);
            return created;
        } catch (Throwable e) {
            throw Sneaky.rethrow(e);
        } finally {
            creating.decrementAndGet();
            if (created == null) {
                living.decrementAndGet();
            }
        }
    }

    private Resource newResource() {
        Resource resource = new Resource(resources.size() + 1);
        resources.add(resource);
        return resource;
    }

    @Override
    public void destroy(Resource resource) throws Exception {
        resource.destroy();
        try {
            onDestroy.destroy(resource);
        } finally {
            living.decrementAndGet();
        }
    }

    @Override
    public boolean validate(Resource resource) {
        return fitness.test(resource);
    }

    @Override
    public boolean threadBound() {
        return threadBound;
    }

    /** Every resource ever created, in order. */
    public List<Resource> created() {
        return resources;
    }

    public List<Resource> destroyed() {
        return resources.stream().filter(Resource::isDestroyed).toList();
    }

    public List<Resource> alive() {
        return resources.stream().filter(resource -> !resource.isDestroyed()).toList();
    }

    /** How often {@link #create} was called, in vain or not. */
    public int calls() {
        return calls.get();
    }

    /** The creations under way. */
    public int creating() {
        return creating.get();
    }

    /** Measures {@link #peakCreating} anew from here. */
    public void resetPeakCreating() {
        peakCreating.set(creating.get());
    }

    /** The most creations that were ever under way at a time. */
    public int peakCreating() {
        return peakCreating.get();
    }

    /** The most resources that ever lived at a time, those being created or destroyed included. */
    public int peakLiving() {
        return peakLiving.get();
    }
}
