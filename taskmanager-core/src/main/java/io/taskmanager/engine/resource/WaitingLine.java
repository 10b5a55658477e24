package io.taskmanager.engine.resource;

import org.jspecify.annotations.Nullable;

/**
 * The callers that wait for a resource, in the order of their arrival, linked through their leases: adding one, taking the
 * first and taking out any cost the same however many wait, and allocate nothing. Guarded by the lock of its pool.
 */
final class WaitingLine<R> {

    private @Nullable Lease<R> first;
    private @Nullable Lease<R> last;

    void add(Lease<R> lease, Thread waiter) {
        lease.previous = last;
        if (last == null) {
            first = lease;
        } else {
            last.next = lease;
        }
        last = lease;
        lease.waiter = waiter;
    }

    /** Takes out the one that has waited longest. It waits on until its {@code waiter} is null. */
    @Nullable
    Lease<R> poll() {
        Lease<R> longest = first;
        if (longest != null) {
            remove(longest);
        }
        return longest;
    }

    void remove(Lease<R> lease) {
        Lease<R> before = lease.previous;
        Lease<R> after = lease.next;
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
        lease.previous = null;
        lease.next = null;
    }
}
