package io.taskmanager.sample.image;

import io.taskmanager.HealthCheck;

/**
 * A bad picture says nothing against the processor that read it. Only when memory ran out is a processor given up, for
 * the buffers it holds.
 */
public final class ImageHealthCheck implements HealthCheck {

    @Override
    public boolean isHealthy(Throwable error) {
        return !(error instanceof VirtualMachineError);
    }
}
