package io.taskmanager.test.durable;

import io.taskmanager.ResourceFactory;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskContext;
import io.taskmanager.durable.TaskHandler;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.TaskType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/** What the tests are of: a shop that sends mails by durable tasks. */
@SpringBootApplication
class Shop {

    static final TaskType<Mail, String> MAIL = TaskType.of("mail", Mail.class, String.class);

    record Mail(String to) {}

    /** The resource of the manager "mails". */
    static class MailServer {
        final List<String> sent = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();

        /** What is thrown, one after the other, before a mail is sent. */
        final List<Exception> faults = new ArrayList<>();

        /** Else no resource can be made. */
        boolean reachable = true;

        Runnable whileSending = () -> {};

        @Nullable
        String answer = "sent";
    }

    /** As a slice has to import it. */
    @Configuration(proxyBeanMethods = false)
    static class Mails {
        @Bean
        MailServer mailServer() {
            return new MailServer();
        }

        @Bean
        ResourceFactory<MailServer> mailsResourceFactory(MailServer server) {
            return ResourceFactory.of(
                    () -> {
                        if (!server.reachable) {
                            throw new IOException("no route");
                        }
                        return server;
                    },
                    gone -> {});
        }

        @Bean
        MailHandler mailHandler() {
            return new MailHandler();
        }
    }

    static class MailHandler implements TaskHandler<Mail, MailServer, String> {

        @Override
        public TaskType<Mail, String> type() {
            return MAIL;
        }

        @Override
        public String manager() {
            return "mails";
        }

        @Override
        public @Nullable String handle(DurableTaskContext context, Mail mail, MailServer server) throws Exception {
            server.threads.add(Thread.currentThread());
            if (!server.faults.isEmpty()) {
                throw server.faults.remove(0);
            }
            server.sent.add(mail.to() + " " + context.delivery());
            server.whileSending.run();
            return server.answer;
        }
    }

    @Service
    static class Orders {
        private final DurableTaskClient tasks;

        Orders(DurableTaskClient tasks) {
            this.tasks = tasks;
        }

        TaskId confirm(String customer) {
            return tasks.queueTask(MAIL, new Mail(customer));
        }
    }
}
