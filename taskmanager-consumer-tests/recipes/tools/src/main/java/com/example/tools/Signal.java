package com.example.tools;

import java.io.IOException;

/** Signals to processes that a test started. */
public enum Signal {
    /** Freezes a process. */
    STOP,
    /** Thaws it. */
    CONT,
    KILL;

    public void send(ProcessHandle process) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name(), Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0 && process.isAlive()) {
            throw new IOException("kill -" + name() + " " + process.pid() + " exited with " + exit);
        }
    }
}
