/** The HTTP interface. */
@NullMarked
package io.taskmanager.sample.web;

import org.jspecify.annotations.NullMarked;
