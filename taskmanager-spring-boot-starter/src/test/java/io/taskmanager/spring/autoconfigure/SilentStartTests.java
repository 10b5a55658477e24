package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.spring.NoLeakedThreads;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What happens in a manager while its application starts makes no worker's thread create beans, and is told of later. */
@ExtendWith({OutputCaptureExtension.class, NoLeakedThreads.class})
class SilentStartTests {

    @Test
    void noWorkerCreatesAListener(CapturedOutput output) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
                .withUserConfiguration(EarlyUser.class, LateListener.class)
                .withPropertyValues("taskmanager.managers.images.worker-count=2")
                .run(context -> {
                    LateListener listener = context.getBean(LateListener.class);
                    assertThat(listener.createdBy).isSameAs(Thread.currentThread());
                    assertThat(listener.heard)
                            .filteredOn(TaskManagerEvent.Type.RESOURCE_CREATED::equals)
                            .hasSize(2);
                    assertThat(output).doesNotContain("Obtaining singleton bean");
                });
    }

    @Test
    void aListenerThatThrowsDoesNotEndTheStart(CapturedOutput output) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
                .withUserConfiguration(EarlyUser.class, ThrowingListener.class)
                .withPropertyValues("taskmanager.managers.images.worker-count=2")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(LateListener.class).heard)
                            .filteredOn(TaskManagerEvent.Type.RESOURCE_CREATED::equals)
                            .hasSize(2);
                    assertThat(output)
                            .contains("A listener threw when told of RESOURCE_CREATED")
                            .contains("not mine");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class EarlyUser {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }

        /** Is created first, and needs the manager, which is at work while the other beans are not there yet. */
        @Bean
        Object user(TaskManager<Session, Object> images) throws InterruptedException {
            Object unused = images.queueTask((context, session) -> "started");
            await().until(() -> images.stats().activeWorkers() == 2);
            return new Object();
        }
    }

    static class ThrowingListener extends LateListener {
        @Override
        public void onApplicationEvent(PayloadApplicationEvent<TaskManagerEvent> event) {
            super.onApplicationEvent(event);
            throw new IllegalStateException("not mine");
        }
    }

    static class LateListener implements ApplicationListener<PayloadApplicationEvent<TaskManagerEvent>> {
        final Thread createdBy = Thread.currentThread();
        final Queue<TaskManagerEvent.Type> heard = new ConcurrentLinkedQueue<>();

        @Override
        public void onApplicationEvent(PayloadApplicationEvent<TaskManagerEvent> event) {
            heard.add(event.getPayload().type());
        }
    }
}
