/** Managers in the tests of Spring Boot applications. Needs the starter and {@code spring-boot-test}. */
@NullMarked
package io.taskmanager.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
