package com.example.tools;

/** A real server in a process of its own, and what can happen to that. It keeps its port when it is started again. */
public interface RealServer extends AutoCloseable {

    int port();

    void start() throws Exception;

    void kill() throws Exception;

    void freeze() throws Exception;

    void thaw() throws Exception;

    @Override
    void close() throws Exception;
}
