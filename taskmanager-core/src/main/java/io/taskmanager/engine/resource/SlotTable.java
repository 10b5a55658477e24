package io.taskmanager.engine.resource;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pooled slots, each at its index. To claim a free one takes no lock; which slots there are is guarded by the lock of the
 * {@link ResourcePool}.
 */
final class SlotTable<R> {

    private final int capacity;
    /** Null where there is room. Written under the lock. */
    private final AtomicReferenceArray<@Nullable Slot<R>> slots;

    /** How many there are. Guarded by the lock. */
    private int size;

    SlotTable(int capacity) {
        this.capacity = capacity;
        this.slots = new AtomicReferenceArray<>(capacity);
    }

    int capacity() {
        return capacity;
    }

    /** Under the lock. */
    int size() {
        return size;
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

    void forEach(Consumer<Slot<R>> action) {
        for (int i = 0; i < capacity; i++) {
            Slot<R> slot = slots.get(i);
            if (slot != null) {
                action.accept(slot);
            }
        }
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

    /** Gives a new slot room, and an owner; false if there is none. Under the lock. */
    boolean claimRoom(Slot<R> made, Object owner) {
        if (size == capacity) {
            return false;
        }
        int index = firstIndex();
        while (slots.get(index) != null) {
            index = next(index);
        }
        made.index = index;
        made.hold(owner);
        slots.set(index, made);
        size++;
        return true;
    }

    /** Under the lock. */
    void replace(Slot<R> old, Slot<R> by) {
        slots.set(old.index, by);
    }

    /** Under the lock. */
    void remove(Slot<R> slot) {
        slots.set(slot.index, null);
        size--;
    }

    private int firstIndex() {
        return capacity == 0 ? 0 : (int) (Thread.currentThread().getId() % capacity);
    }

    private int next(int index) {
        return index + 1 == capacity ? 0 : index + 1;
    }
}
