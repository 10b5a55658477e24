package io.taskmanager.model;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Silences the JDK's logger, to which the engine turns each time that a walk's own logger throws. By reflection, since the
 * module under test does not read java.logging.
 */
final class QuietFallback implements BeforeAllCallback, AfterAllCallback {

    private Object logger;
    private Object before;

    @Override
    public void beforeAll(ExtensionContext context) throws ReflectiveOperationException {
        Class<?> type = Class.forName("java.util.logging.Logger");
        logger = type.getMethod("getLogger", String.class).invoke(null, "io.taskmanager");
        before = type.getMethod("getLevel").invoke(logger);
        setLevel(Class.forName("java.util.logging.Level").getField("OFF").get(null));
    }

    @Override
    public void afterAll(ExtensionContext context) throws ReflectiveOperationException {
        setLevel(before);
    }

    private void setLevel(Object level) throws ReflectiveOperationException {
        logger.getClass()
                .getMethod("setLevel", Class.forName("java.util.logging.Level"))
                .invoke(logger, level);
    }
}
