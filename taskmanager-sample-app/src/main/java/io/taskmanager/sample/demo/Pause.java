package io.taskmanager.sample.demo;

import java.time.Duration;

/** Lets some time pass. */
@FunctionalInterface
interface Pause {

    /** On this thread, which sleeps. */
    Pause ASLEEP = time -> Thread.sleep(time.toMillis());

    void of(Duration time) throws InterruptedException;
}
