/** What an application sees of the starter: the registry of its managers, customizers, and the SLF4J bridge. */
@NullMarked
package io.taskmanager.spring;

import org.jspecify.annotations.NullMarked;
