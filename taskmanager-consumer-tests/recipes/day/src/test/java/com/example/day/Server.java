package com.example.day;

import java.util.List;

/** A real server behind a proxy, and all that can happen to it. */
interface Server extends AutoCloseable {

    List<String> settings();

    void kill() throws Exception;

    void start() throws Exception;

    void freeze() throws Exception;

    void thaw() throws Exception;

    void cutOff();

    void heal();

    void endSessions() throws Exception;

    /** Has the server ask for another password, of which the application does not know. */
    void changePassword() throws Exception;

    /** Tells the application. */
    void tellPassword() throws Exception;

    /** How many sessions the application has, as the server says. Waits while it is frozen, throws while there is none. */
    int sessions() throws Exception;

    @Override
    void close() throws Exception;
}
