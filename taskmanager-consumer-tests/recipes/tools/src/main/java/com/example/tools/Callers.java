package com.example.tools;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Callers of blocking forms, each on a thread of its own, who are interrupted. */
public final class Callers {

    private final Map<Thread, CompletableFuture<Throwable>> callers = new LinkedHashMap<>();

    public void call(Callable<?> call) {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = new Thread(
                () -> {
                    try {
                        call.call();
                        thrown.complete(null);
                    } catch (Throwable e) {
                        thrown.complete(e);
                    }
                },
                "caller");
        caller.setDaemon(true);
        callers.put(caller, thrown);
        caller.start();
    }

    /** Interrupts each of them, in their order, and waits for their returns. What each call threw; null where nothing. */
    public List<Throwable> interrupt() {
        callers.keySet().forEach(Thread::interrupt);
        return callers.values().stream()
                .map(thrown -> thrown.orTimeout(Answers.PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
                .toList();
    }
}
