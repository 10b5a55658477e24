package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.TaskManagerRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/** A manager is an executor, too, for {@code @Async} methods that name it. */
@ExtendWith({NoLeakedThreads.class, OutputCaptureExtension.class})
class AsyncTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(TaskManagerAutoConfiguration.class, TaskExecutionAutoConfiguration.class))
            .withUserConfiguration(Application.class)
            .withPropertyValues(
                    "taskmanager.managers.images.worker-count=1", "taskmanager.managers.images.queue-capacity=1");

    @Test
    void anAsyncMethodThatNamesAManagerRunsThere() {
        runner.run(context -> assertThat(
                        context.getBean(Service.class).threadOfImages().get())
                .isEqualTo("images-worker-1"));
    }

    @Test
    void oneThatNamesNoneRunsWhereItDidBefore() {
        runner.run(context -> assertThat(
                        context.getBean(Service.class).threadOfDefault().get())
                .startsWith("task-"));
    }

    @Test
    void isInjectedByQualifierOnly() {
        runner.run(context -> {
            assertThat(context).hasBean("imagesTaskExecutor").hasBean("applicationTaskExecutor");
            assertThat(context.getBean(Holder.class).byQualifier()).isSameAs(context.getBean("imagesTaskExecutor"));
            assertThat(context.getBean(Holder.class).byType()).isSameAs(context.getBean("applicationTaskExecutor"));
        });
    }

    @Test
    void anExecutorOfTheApplicationsOwnOfThatNameIsLeftAlone() {
        Executor own = Runnable::run;
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
                .withBean(ResourceFactory.class, Session::factory)
                .withBean("imagesTaskExecutor", Executor.class, () -> own)
                .withPropertyValues("taskmanager.managers.images.worker-count=1")
                .run(context ->
                        assertThat(context.getBean("imagesTaskExecutor")).isSameAs(own));
    }

    @Test
    void runsACallOnceWhateverItThrows() {
        AtomicInteger runs = new AtomicInteger();
        runner.withBean(HealthCheck.class, () -> error -> false).run(context -> {
            IllegalStateException error = new IllegalStateException("broken");
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> executor(context.getBean("imagesTaskExecutor"))
                            .submit(() -> {
                                runs.incrementAndGet();
                                throw error;
                            })
                            .get())
                    .withCauseInstanceOf(TaskExecutionException.class)
                    .withRootCauseInstanceOf(IllegalStateException.class);
            assertThat(runs).hasValue(1);
        });
    }

    @Test
    void refusesAsExecutorsDo() {
        CountDownLatch end = new CountDownLatch(1);
        runner.run(context -> {
            AsyncTaskExecutor executor = executor(context.getBean("imagesTaskExecutor"));
            CountDownLatch busy = new CountDownLatch(1);
            executor.execute(() -> {
                busy.countDown();
                awaitUninterruptibly(end);
            });
            busy.await();
            executor.execute(() -> {});

            assertThatExceptionOfType(TaskRejectedException.class)
                    .isThrownBy(() -> executor.execute(() -> {}))
                    .withMessageContaining("main lane")
                    .withCauseInstanceOf(io.taskmanager.TaskRejectedException.class);
            end.countDown();
        });
    }

    @Test
    void logsWhatNobodyWaitsFor(CapturedOutput output) {
        runner.run(context -> {
            AsyncTaskExecutor executor = executor(context.getBean("imagesTaskExecutor"));
            executor.execute(() -> {
                throw new IllegalStateException("nobody waits");
            });
            context.getBean(TaskManagerRegistry.class).get("images").stop();
            assertThat(output).contains("executor of task manager 'images' failed", "nobody waits");
        });
    }

    private static AsyncTaskExecutor executor(Object bean) {
        return (AsyncTaskExecutor) bean;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    record Holder(AsyncTaskExecutor byQualifier, AsyncTaskExecutor byType) {}

    static class Service {

        @Async("images")
        CompletableFuture<String> threadOfImages() {
            return CompletableFuture.completedFuture(Thread.currentThread().getName());
        }

        @Async
        CompletableFuture<String> threadOfDefault() {
            return CompletableFuture.completedFuture(Thread.currentThread().getName());
        }
    }

    @EnableAsync
    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }

        @Bean
        Service service() {
            return new Service();
        }

        @Bean
        Holder holder(@Qualifier("images") AsyncTaskExecutor byQualifier, AsyncTaskExecutor byType) {
            return new Holder(byQualifier, byType);
        }
    }
}
