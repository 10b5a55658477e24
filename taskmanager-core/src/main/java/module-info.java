/** The engine of taskmanager: a pool of workers, each owning one resource, behind a two-lane queue. */
module io.taskmanager.core {
    requires static transitive org.jspecify;
    requires HdrHistogram;

    exports io.taskmanager;
    exports io.taskmanager.engine;
}
