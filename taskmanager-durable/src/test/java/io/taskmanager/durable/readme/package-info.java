/** The examples of the README and of {@code docs/durable.md}, and their tests. */
package io.taskmanager.durable.readme;
