package com.example.day;

/** What happens to a server, and how it ends. */
enum Fault {
    KILLED(server -> server.process.kill(), server -> server.process.start()),
    FROZEN(server -> server.process.freeze(), server -> server.process.thaw()),
    CUT_OFF(server -> server.proxy.becomeBlackHole(), server -> server.proxy.heal()),
    SESSIONS_ENDED(Server::endSessions, server -> {}),
    /** Ends with a probe. */
    WRONG_PASSWORD(
            server -> {
                server.changePassword();
                server.endSessions();
            },
            Server::tellPassword);

    private final Action begin;
    private final Action end;

    Fault(Action begin, Action end) {
        this.begin = begin;
        this.end = end;
    }

    void begin(Server<?> server) throws Exception {
        begin.on(server);
    }

    void end(Server<?> server) throws Exception {
        end.on(server);
    }

    /** Whether it is over as soon as it has happened. */
    boolean isShort() {
        return this == SESSIONS_ENDED;
    }

    private interface Action {
        void on(Server<?> server) throws Exception;
    }
}
