package io.taskmanager.spring.readme;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.TaskManagerBuilderFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LedgerConfiguration {

    @Bean
    TaskManager<Session, Object> ledgerTaskManager(TaskManagerBuilderFactory builders) {
        ResourceFactory<Session> sessions = ResourceFactory.of(Session::open, Session::close);
        return TaskManagers.create(
                builders.builder("ledger", sessions).workerCount(2).build());
    }
}
