/** The scaling policy and its rivals on traces of arrivals, simulated in virtual time; see {@code docs/scaling.md}. */
@NullMarked
package io.taskmanager.benchmarks.scaling;

import org.jspecify.annotations.NullMarked;
