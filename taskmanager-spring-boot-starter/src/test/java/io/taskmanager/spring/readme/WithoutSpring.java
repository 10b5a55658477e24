package io.taskmanager.spring.readme;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;

class WithoutSpring {

    static String run() throws InterruptedException {
        TaskManagerConfig<Session> config = TaskManagerConfig.builder(ResourceFactory.of(Session::open, Session::close))
                .name("sessions")
                .workerCount(4)
                .build();
        try (TaskManager<Session, Object> sessions = TaskManagers.create(config)) {
            return sessions.queueTask((context, session) -> session.ask("how are you?"));
        }
    }
}
