/** Durable tasks beside plain db-scheduler, on one PostgreSQL. */
@NullMarked
package io.taskmanager.benchmarks.durable;

import org.jspecify.annotations.NullMarked;
