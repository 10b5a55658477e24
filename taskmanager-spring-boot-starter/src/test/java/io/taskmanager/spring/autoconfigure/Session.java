package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ResourceFactory;

/** A resource for tests. */
class Session {

    static ResourceFactory<Session> factory() {
        return ResourceFactory.of(Session::new, session -> {});
    }
}
