package io.taskmanager.faults;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No stack: a caller that is deep in a recursion makes a call, and catches its error. Where the stack ends at some depth, no
 * call gets deeper, that of a clean-up no more than any other.
 */
@InFaultyWorld
class CallFaultTest {

    @ParameterizedTest
    @EnumSource
    void a_caller_without_stack_leaves_the_manager_whole(Operation operation) {
        Rounds.liveAtEachDepth(operation);
    }
}
