package io.taskmanager.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;

/**
 * On the class of a Spring Boot test: its application context has the managers of {@code taskmanager.managers}, also in a test
 * slice such as {@code @JsonTest}, which has no managers otherwise. They run their tasks at once on the calling thread, without
 * workers, so that nothing of a test has to wait.
 *
 * <p>The resource factories are the application's own beans: a slice has to {@code @Import} them, as it does all that is no part
 * of it. Managers that the application creates itself stay as they are.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@PropertyMapping("test.taskmanager")
public @interface AutoConfigureTaskManager {

    /** Whether the managers are synchronous; else they are as in production, with workers. */
    boolean synchronous() default true;
}
