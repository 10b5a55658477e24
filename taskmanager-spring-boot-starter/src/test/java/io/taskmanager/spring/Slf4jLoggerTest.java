package io.taskmanager.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.util.Formattable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class Slf4jLoggerTest {

    private final Logger logback = (Logger) LoggerFactory.getLogger("io.taskmanager.images");
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final Slf4jLogger logger = Slf4jLogger.forManager("images");

    @BeforeEach
    void record() {
        events.start();
        logback.addAppender(events);
        logback.setLevel(Level.TRACE);
    }

    @AfterEach
    void restore() {
        logback.detachAppender(events);
        logback.setLevel(null);
    }

    @Test
    void logsEachLevelFormatted() {
        logger.debugf("%d tasks", 1);
        logger.infof("%d tasks", 2);
        logger.warnf("%d tasks", 3);
        logger.errorf("%s %%", "100");

        assertThat(events.list)
                .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        tuple(Level.DEBUG, "1 tasks"),
                        tuple(Level.INFO, "2 tasks"),
                        tuple(Level.WARN, "3 tasks"),
                        tuple(Level.ERROR, "100 %"));
    }

    @Test
    void bracesInAMessageAreText() {
        logger.infof("task {} of %s", "images");

        assertThat(events.list.get(0).getFormattedMessage()).isEqualTo("task {} of images");
    }

    @Test
    void takesAThrowableBeyondTheFormatForTheCause() {
        Exception cause = new Exception("broken");

        logger.warnf("resource of %s failed", "images", cause);

        ILoggingEvent event = events.list.get(0);
        assertThat(event.getFormattedMessage()).isEqualTo("resource of images failed");
        assertThat(((ThrowableProxy) event.getThrowableProxy()).getThrowable()).isSameAs(cause);
    }

    @Test
    void takesAThrowableThatTheFormatPrintsForAnArgument() {
        logger.warnf("failed: %s", new IllegalStateException("broken"));

        ILoggingEvent event = events.list.get(0);
        assertThat(event.getFormattedMessage()).isEqualTo("failed: java.lang.IllegalStateException: broken");
        assertThat(event.getThrowableProxy()).isNull();
    }

    @Test
    void formatsNothingWhileItsLevelIsOff() {
        logback.setLevel(Level.OFF);
        Formattable unprintable = (formatter, flags, width, precision) -> {
            throw new AssertionError("formatted");
        };

        logger.debugf("%s", unprintable);
        logger.infof("%s", unprintable);
        logger.warnf("%s", unprintable);
        logger.errorf("%s", unprintable);

        assertThat(logger.isDebugEnabled()).isFalse();
        assertThat(events.list).isEmpty();
    }
}
