package io.taskmanager.model;

import io.taskmanager.faults.InFaultyWorld;
import io.taskmanager.model.World.Misfortune;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The walks of {@link RandomWalkTest}, with its properties, while the JVM fails the engine: no promise is broken by that. */
@InFaultyWorld
class FaultyWalkTest {

    private static final int WALKS = Integer.getInteger("model.walks", 50);

    @RegisterExtension
    static final QuietFallback QUIET = new QuietFallback();

    @Test
    void keepsEveryPromiseThoughTheHeapIsFullForMoments() throws Exception {
        RandomWalkTest.takeAll(WALKS, Misfortune.HEAP);
    }

    @Test
    void keepsEveryPromiseThoughCallersRunOutOfStack() throws Exception {
        RandomWalkTest.takeAll(WALKS, Misfortune.STACK);
    }
}
