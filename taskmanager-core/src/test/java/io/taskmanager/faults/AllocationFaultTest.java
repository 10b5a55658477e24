package io.taskmanager.faults;

import io.taskmanager.faults.Faults.Kind;
import io.taskmanager.faults.Patient.Victim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No heap, at each allocation of the engine in turn: once that has passed, the manager is whole.
 *
 * <ul>
 *   <li>{@code -Dfaults.shown=1000}: how many sites to list for each operation, 1 if not given.
 *   <li>{@code -Dfaults.bound=700}: how many milliseconds a manager has to become whole, 10,000 if not given.
 * </ul>
 */
@InFaultyWorld
class AllocationFaultTest {

    /** How many allocations in a row find no heap where it is full for a moment. */
    private static final int MOMENT = 5;

    @Test
    void a_creation_without_heap_for_one_object_leaves_nothing() {
        Rounds.create();
    }

    @ParameterizedTest
    @EnumSource
    void a_caller_without_heap_for_one_object_leaves_the_manager_whole(Operation operation) {
        Rounds.live(operation, Kind.ALLOCATION, Victim.CALLER, site -> Faults.from(site, 1));
    }

    @ParameterizedTest
    @EnumSource
    void a_caller_without_heap_for_a_moment_leaves_the_manager_whole(Operation operation) {
        Rounds.live(operation, Kind.ALLOCATION, Victim.CALLER, site -> Faults.from(site, MOMENT));
    }

    @ParameterizedTest
    @EnumSource
    void an_engine_without_heap_for_one_object_is_whole_again(Operation operation) {
        Rounds.live(operation, Kind.ALLOCATION, Victim.ENGINE, site -> Faults.from(site, 1));
    }

    @ParameterizedTest
    @EnumSource
    void an_engine_without_heap_for_a_moment_is_whole_again(Operation operation) {
        Rounds.live(operation, Kind.ALLOCATION, Victim.ENGINE, site -> Faults.from(site, MOMENT));
    }
}
