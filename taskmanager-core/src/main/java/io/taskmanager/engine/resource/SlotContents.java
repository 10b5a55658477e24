package io.taskmanager.engine.resource;

import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.engine.support.Surely;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is in the slots of a {@link ResourcePool}: validates, creates and destroys the resource of one. Each method is for the
 * thread that holds the slot, and needs no lock. While a call of the factory lasts the slot is empty: a call that hangs costs
 * its thread the place, and that is vacated for another without it.
 */
final class SlotContents<R> {

    private final Places<R> places;
    private final Resources<R> resources;

    SlotContents(Places<R> places, Resources<R> resources) {
        this.places = places;
        this.resources = resources;
    }

    /** Looks at the resource that was in the slot, if any. One that can't be used is destroyed. */
    boolean hasFitResource(Slot<R> slot) {
        ResourceHolder<R> found = slot.holder;
        if (found == null) {
            return false;
        }
        if (resources.isWorn(found)) {
            destroy(slot, Cause.OLD);
            return false;
        }
        if (!resources.isDueForValidation(found)) {
            return true;
        }
        slot.holder = null; // or the place would be handed on with it, should the validation not return
        boolean fit = false;
        try {
            fit = resources.isValid(found, () -> places.vacate(slot));
        } finally {
            if (!fit) {
                resources.destroy(found, Cause.BROKEN);
            }
        }
        if (!fit) {
            return false;
        }
        slot.holder = found;
        slot.since(resources.nanos());
        return true;
    }

    /** @param timeout for the message; {@code nanos} is what is left of it */
    void create(Slot<R> slot, BooleanSupplier isOver, long nanos, Duration timeout) throws InterruptedException {
        keep(slot, resources.createForCaller(isOver, nanos, () -> places.vacate(slot)), isOver, timeout);
    }

    /** Keeps a resource that was created for the slot; null if there came to be none. */
    void keep(Slot<R> slot, @Nullable ResourceHolder<R> created, BooleanSupplier isOver, Duration timeout) {
        slot.holder = created;
        if (created == null) {
            throw isOver.getAsBoolean() || resources.isKilled()
                    ? places.shuttingDown()
                    : places.noResource("the last creation failed and the next attempt is not due", timeout);
        }
        slot.since(resources.nanos());
    }

    /** Destroys the resource in the slot, if any: the place is kept. */
    void destroy(Slot<R> slot, Cause cause) {
        ResourceHolder<R> resource = slot.holder;
        slot.holder = null;
        if (resource != null) {
            resources.destroy(resource, cause);
        }
    }

    /** Frees the place whatever the destruction comes to, or it would be lost, and a stop would wait for it for ever. */
    void discard(Slot<R> slot) {
        ResourceHolder<R> resource = slot.holder;
        slot.holder = null;
        try {
            if (resource != null) {
                resources.destroy(resource, endOf(slot), vacating(slot));
            }
        } finally {
            places.vacate(slot);
        }
    }

    private Runnable vacating(Slot<R> slot) {
        while (true) {
            try {
                return () -> places.vacate(slot);
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private Cause endOf(Slot<R> slot) {
        if (!slot.isUsable()) {
            return Cause.BROKEN;
        }
        if (slot.isTemporary()) {
            return Cause.SURPLUS;
        }
        return places.isClosed() ? Cause.SHUTDOWN : Cause.OLD;
    }

    /** The place was {@linkplain Places#abandon given up} and may be another's by now: this destroys what was in it. */
    void destroyStray(Slot<R> slot) {
        ResourceHolder<R> stray = slot.stray;
        slot.stray = null;
        if (stray != null) {
            resources.destroy(stray, Cause.BROKEN);
        }
    }
}
