package com.example.day;

import com.example.tools.Census;
import io.taskmanager.TaskManager;

/** One manager, its server, and the books that are kept of both. */
final class Side<R> {

    /** The maxResources of both. */
    static final int MAX_RESOURCES = 5;

    final String name;
    final Server<?> server;
    final Violations violations;
    final Census census = new Census();
    final Distribution creation = new Distribution();
    final Calls calls;
    final Work<R> work;
    /** Set before all else begins. */
    TaskManager<R, Object> manager;
    /** Written by the one who makes the server fail. */
    volatile Condition condition = Condition.of(Condition.Phase.CHANGING, null);

    Side(String name, Server<?> server, Violations violations, Work<R> work) {
        this.name = name;
        this.server = server;
        this.violations = violations;
        this.work = work;
        this.calls = new Calls(this);
    }

    void violated(String what) {
        violations.add(name, what + " [" + condition + ", " + manager.control().explain() + "]");
    }
}
