package io.taskmanager.model;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Silences the JDK's logger, to which the engine turns each time that a walk's own logger throws. */
final class QuietFallback implements BeforeAllCallback, AfterAllCallback {

    private final Logger logger = Logger.getLogger("io.taskmanager");
    private Level before;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = logger.getLevel();
        logger.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        logger.setLevel(before);
    }
}
