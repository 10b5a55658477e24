/** What a task's submitter had around it, set again around the task: log context, trace, security. */
@NullMarked
package io.taskmanager.spring.context;

import org.jspecify.annotations.NullMarked;
