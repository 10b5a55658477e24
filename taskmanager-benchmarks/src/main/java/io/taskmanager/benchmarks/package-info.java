/** Comparisons of the engine with its rivals, each in the same run; see {@code docs/benchmarks.md}. */
@NullMarked
package io.taskmanager.benchmarks;

import org.jspecify.annotations.NullMarked;
