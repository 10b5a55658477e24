/** The races of the engine, two actors at a time, under jcstress. */
package io.taskmanager.concurrency;
