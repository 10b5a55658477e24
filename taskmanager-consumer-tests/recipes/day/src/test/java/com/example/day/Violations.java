package com.example.day;

import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Promises that were broken. The first ones are told at once, with what the threads of their manager do. */
final class Violations {

    private static final int TOLD = 20;

    private final List<String> all = new CopyOnWriteArrayList<>();

    void add(String manager, String what) {
        String line = LocalTime.now() + " " + manager + ": " + what;
        all.add(line);
        if (all.size() <= TOLD) {
            System.out.println("VIOLATION " + line);
            System.out.println(threads(manager));
        }
    }

    List<String> all() {
        return all;
    }

    private static String threads(String manager) {
        StringBuilder dump = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            if (entry.getKey().getName().contains(manager)) {
                dump.append("  ").append(entry.getKey()).append(' ').append(entry.getKey().getState()).append('\n');
                for (StackTraceElement frame : entry.getValue()) {
                    dump.append("      at ").append(frame).append('\n');
                }
            }
        }
        return dump.toString();
    }
}
