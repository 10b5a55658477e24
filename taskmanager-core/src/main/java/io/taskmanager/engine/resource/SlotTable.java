package io.taskmanager.engine.resource;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a {@link ResourcePool}: the pooled ones, each at its index, and the temporary ones, in a list. To claim a free
 * one takes no lock; which slots there are is guarded by the lock of {@link Places}. A resource counts here from before its
 * creation until after its destruction.
 */
final class SlotTable<R> {

    private final int capacity;
    private final int maxTemporary;
    /** Null where there is room. Written under the lock. */
    private final AtomicReferenceArray<@Nullable Slot<R>> slots;

    // Guarded by the lock.
    private final SlotList<R> temporarySlots = new SlotList<>();
    private int pooled;
    private int temporary;

    SlotTable(int capacity, int maxTemporary) {
        this.capacity = capacity;
        this.maxTemporary = maxTemporary;
        this.slots = new AtomicReferenceArray<>(capacity);
    }

    /** How many pooled slots there are, at most. */
    int capacity() {
        return capacity;
    }

    /** How many temporary slots there are, at most. */
    int maxTemporary() {
        return maxTemporary;
    }

    /** How many pooled slots there are. Under the lock. */
    int pooled() {
        return pooled;
    }

    /** How many temporary slots there are. Under the lock. */
    int temporary() {
        return temporary;
    }

    /** Whether there is none of either kind. Under the lock. */
    boolean isEmpty() {
        return pooled + temporary == 0;
    }

    /** How many are free. */
    int free() {
        int free = 0;
        for (int i = 0; i < capacity; i++) {
            Slot<R> slot = slots.get(i);
            free += slot != null && slot.isFree() ? 1 : 0;
        }
        return free;
    }

    void forEachPooled(Consumer<Slot<R>> action) {
        for (int i = 0; i < capacity; i++) {
            Slot<R> slot = slots.get(i);
            if (slot != null) {
                action.accept(slot);
            }
        }
    }

    /** Under the lock. */
    void forEach(Consumer<Slot<R>> action) {
        forEachPooled(action);
        temporarySlots.forEach(action);
    }

    /** The current thread's own slot, as its number has it, if that is free, or else the next that is; null if none is. */
    @Nullable
    Slot<R> claimFree(Object owner) {
        for (int i = 0, index = firstIndex(); i < capacity; i++, index = next(index)) {
            Slot<R> slot = slots.get(index);
            if (slot != null && slot.isFree() && slot.free2held(owner)) {
                return slot;
            }
        }
        return null;
    }

    /** Claims one whose resource a recycle has made old; null if none is free. Under the lock: whoever misses one waits for it. */
    @Nullable
    Slot<R> claimRecycled(Object owner, Resources<R> resources) {
        for (int i = 0; i < capacity; i++) {
            Slot<R> slot = slots.get(i);
            if (slot == null || !slot.isFree() || !slot.free2held(owner)) {
                continue;
            }
            if (resources.isRecycled(slot.holder())) {
                return slot;
            }
            boolean unused = slot.held2free(owner);
        }
        return null;
    }

    /** Gives a new slot room, pooled or temporary, and an owner; false if there is none. Under the lock. */
    boolean claimRoom(Slot<R> made, Object owner) {
        if (claimPooledRoom(made, owner)) {
            return true;
        } else if (temporary < maxTemporary) {
            made.hold(owner);
            temporarySlots.add(made);
            temporary++;
        } else {
            return false;
        }
        return true;
    }

    /** Gives a new slot room among the pooled ones, and an owner; false if there is none. Under the lock. */
    boolean claimPooledRoom(Slot<R> made, Object owner) {
        if (pooled == capacity) {
            return false;
        }
        int index = firstIndex();
        while (slots.get(index) != null) {
            index = next(index);
        }
        made.index = index;
        made.hold(owner);
        slots.set(index, made);
        pooled++;
        return true;
    }

    /** Has a slot that waited take over the place of another, with what is in it: the other is gone. Under the lock. */
    void move(Slot<R> from, Slot<R> to) {
        to.holder = from.holder;
        from.holder = null;
        to.index = from.index;
        to.hold(Objects.requireNonNull(to.nextOwner));
        to.nextOwner = null; // or a pooled slot would keep the task that waited for it
        if (from.isTemporary()) {
            temporarySlots.remove(from);
            temporarySlots.add(to);
        } else {
            slots.set(from.index, to);
        }
        boolean unused = from.held2gone();
    }

    /** Under the lock. */
    void remove(Slot<R> slot) {
        if (slot.isTemporary()) {
            temporarySlots.remove(slot);
            temporary--;
        } else {
            slots.set(slot.index, null);
            pooled--;
        }
    }

    /**
     * Spreads threads with consecutive numbers evenly, by the golden ratio (D. E. Knuth, "The Art of Computer Programming",
     * volume 3, section 6.4); without a division, which would take as long as the claim.
     */
    private int firstIndex() {
        long hash = Thread.currentThread().getId() * 0x9E3779B9L & 0xFFFFFFFFL;
        return (int) (hash * capacity >>> 32);
    }

    private int next(int index) {
        return index + 1 == capacity ? 0 : index + 1;
    }
}
