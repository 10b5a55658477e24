/** For the tests of tasks and of what hands them in. */
@NullMarked
package io.taskmanager.test;

import org.jspecify.annotations.NullMarked;
