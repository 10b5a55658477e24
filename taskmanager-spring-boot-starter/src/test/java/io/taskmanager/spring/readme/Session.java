package io.taskmanager.spring.readme;

/** Stands in for the resource of the README's reader. */
final class Session {

    static Session open() {
        return new Session();
    }

    String ask(String question) {
        return question + " fine";
    }

    void close() {}
}
