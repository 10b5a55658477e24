package io.taskmanager.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * On the class of a Spring Boot test: its application context has a {@code DurableTaskClient} that needs no database, and the
 * managers of {@link AutoConfigureTaskManager}, which are synchronous. It takes the place of the real one, also in a test slice,
 * and whatever {@code taskmanager.durable.enabled} says.
 *
 * <p>What is queued runs at once, on the calling thread: its handler has returned when {@code queueTask} does. In a transaction it
 * runs right after the commit, outside of that transaction, and after a rollback it never was. Payloads and results become JSON
 * and back. After an error the task is delivered again at once, as often as its retries allow. A task that is due later stays
 * queued; {@code await} with a timeout of at least the time that is left runs it, without waiting. So it does with a task that
 * its manager would not take.
 *
 * <p>Each test method begins without the tasks of the one before. Recurring tasks are queued by nobody. With
 * {@code taskmanager.durable.worker.enabled=false} nothing runs, and a test can look at what was queued.
 *
 * <p>Handlers are the application's own beans: a slice has to {@code @Import} them, as it does the resource factories.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@AutoConfigureTaskManager
@ImportAutoConfiguration
public @interface AutoConfigureDurableTasks {}
