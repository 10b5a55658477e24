/** Helps to test tasks: a resource factory that follows a script. */
module io.taskmanager.test {
    requires static org.jspecify;
    requires transitive io.taskmanager.core;

    exports io.taskmanager.test;
}
