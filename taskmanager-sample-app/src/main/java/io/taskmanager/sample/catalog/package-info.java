/** The catalogue: a table of photos, reached by one JDBC session a worker. */
@NullMarked
package io.taskmanager.sample.catalog;

import org.jspecify.annotations.NullMarked;
