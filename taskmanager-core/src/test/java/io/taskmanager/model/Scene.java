package io.taskmanager.model;

import io.taskmanager.TaskManagerConfig;
import java.util.SplittableRandom;

/** What a call needs of the walk, or of the soak, that it is part of. */
interface Scene {

    World world();

    TaskManagerConfig<ModelResource> config();

    /** Makes a call. */
    void make(Call call);

    /** Makes a call that does not block, and perhaps cancels it, or another. */
    void makeAndPerhapsCancel(Call call, SplittableRandom random);

    /** Has a task try to end its own manager; one that was struck off may. */
    void checkStopOfOwnTask(ModelResource.Use by, SplittableRandom random);

    /** Tries to end the manager where user code would wait for itself: refused, or done, and never waited for in vain. */
    void stopFromUserCode(SplittableRandom random);

    /** Told once for each call. */
    void answered(Call call);

    /** Whether the manager has no workers, so that each task runs on its caller's thread. */
    boolean isSynchronous();

    /** Whether an end was begun. */
    boolean isEnding();

    /** Whether an end was begun that may cancel tasks. */
    boolean mayKill();
}
