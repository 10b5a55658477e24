/** What the profile "demo" adds: photos to import and faults to watch, each bounded. Nothing else in the sample knows of it. */
@NullMarked
package io.taskmanager.sample.demo;

import org.jspecify.annotations.NullMarked;
