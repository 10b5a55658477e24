package io.taskmanager.engine.resource;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Slots in the order of their arrival, linked through themselves: adding one, taking the first and taking out any cost the
 * same however many there are, and allocate nothing. Guarded by the lock of its pool; a slot is in one list at a time.
 */
final class SlotList<R> {

    private @Nullable Slot<R> first;
    private @Nullable Slot<R> last;

    void add(Slot<R> slot) {
        slot.previous = last;
        if (last == null) {
            first = slot;
        } else {
            last.next = slot;
        }
        last = slot;
    }

    /** Takes out the one that was added first; null if there is none. */
    @Nullable
    Slot<R> poll() {
        Slot<R> longest = first;
        if (longest != null) {
            remove(longest);
        }
        return longest;
    }

    void remove(Slot<R> slot) {
        Slot<R> before = slot.previous;
        Slot<R> after = slot.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        slot.previous = null;
        slot.next = null;
    }

    boolean isEmpty() {
        return first == null;
    }

    void forEach(Consumer<Slot<R>> action) {
        for (Slot<R> slot = first; slot != null; slot = slot.next) {
            action.accept(slot);
        }
    }
}
