package io.taskmanager.spring.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import io.taskmanager.CapturingTask;
import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.Task;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskDecorator;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskOptions;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.autoconfigure.TaskManagerAutoConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What a submitter has around it is around its task, each of its attempts, and its callback; and not after them. */
@ExtendWith(NoLeakedThreads.class)
class ContextPropagationTests {

    private static final String KEY = "context-propagation-tests";
    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
            .withBean("sessions", ResourceFactory.class, () -> ResourceFactory.of(Object::new, session -> {}))
            .withPropertyValues(
                    "taskmanager.managers.images.worker-count=1",
                    "taskmanager.managers.images.retry-backoff.initial=0s",
                    "taskmanager.managers.images.burst-interval=0s");

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void setContext() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, TENANT);
        TENANT.set("acme");
        MDC.put("request", "r1");
    }

    @AfterEach
    void clearContext() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
        TENANT.remove();
        MDC.clear();
    }

    @Test
    void isAroundATask() {
        runner.run(context -> {
            images(context.getBean(TaskManagerRegistry.class))
                    .submit(noting(), TaskOptions.builder().name("resize").build())
                    .join();

            assertThat(seen).containsExactly("tenant=acme request=r1 taskmanager=images task=resize");
        });
    }

    @Test
    void staysBehindWhereItIsNotToBePropagated() {
        runner.withPropertyValues("taskmanager.defaults.propagate-context=false")
                .run(context -> {
                    TaskManager<Object, Object> images = images(context.getBean(TaskManagerRegistry.class));
                    CompletableFuture<String> callback = new CompletableFuture<>();

                    images.submit(noting(), TaskOptions.builder().name("resize").build())
                            .join();
                    images.queueTaskWithCallback(
                            (task, session) -> null,
                            (value, error) -> callback.complete(TENANT.get() + MDC.get("request")));

                    assertThat(seen).containsExactly("tenant=null request=null taskmanager=images task=resize");
                    assertThat(callback.join()).isEqualTo("nullnull");
                });
    }

    @Test
    void isAroundATaskThatRunsOnItsCallersThreadAndThenAsBefore() {
        runner.run(context -> {
            images(context.getBean(TaskManagerRegistry.class)).runTask(noting());

            assertThat(seen).singleElement().asString().startsWith("tenant=acme request=r1 taskmanager=images task=");
            assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("request", "r1"));
            assertThat(TENANT.get()).isEqualTo("acme");
        });
    }

    @Test
    void isAroundATaskOnALentWorkerAndThenAsBefore() {
        runner.run(context -> {
            MDC.put("taskmanager", "outer");
            TaskManager<Object, Object> images = images(context.getBean(TaskManagerRegistry.class));
            Awaitility.await()
                    .pollInSameThread()
                    .until(
                            () -> images.queueTask((task, session) -> Thread.currentThread()),
                            Thread.currentThread()::equals);

            images.queueTask((task, session) -> {
                assertThat(task.isOnCallersThread()).isTrue();
                return noting().execute(task, session);
            });

            assertThat(seen).singleElement().asString().startsWith("tenant=acme request=r1 taskmanager=images task=");
            assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("request", "r1", "taskmanager", "outer"));
        });
    }

    @Test
    void carriesTheLogContextOnceThoughAnAccessorWouldCarryItToo() {
        AtomicInteger copies = new AtomicInteger();
        ContextRegistry.getInstance()
                .registerThreadLocalAccessor(
                        SnapshotCapture.LOG_CONTEXT,
                        () -> {
                            copies.incrementAndGet();
                            return MDC.getCopyOfContextMap();
                        },
                        MDC::setContextMap,
                        MDC::clear);
        try {
            runner.run(context -> {
                images(context.getBean(TaskManagerRegistry.class))
                        .submit(noting(), TaskOptions.builder().name("resize").build())
                        .join();

                assertThat(seen).containsExactly("tenant=acme request=r1 taskmanager=images task=resize");
                assertThat(copies).hasValue(0);
            });
        } finally {
            ContextRegistry.getInstance().removeThreadLocalAccessor(SnapshotCapture.LOG_CONTEXT);
        }
    }

    @Test
    void isAroundARetry() {
        runner.withBean(HealthCheck.class, () -> error -> false).run(context -> {
            Task<Object, Object> failingOnce = (task, session) -> {
                noting().execute(task, session);
                if (task.attempt() == 1) {
                    throw new IOException("broken");
                }
                return null;
            };
            images(context.getBean(TaskManagerRegistry.class))
                    .submit(failingOnce, TaskOptions.builder().name("resize").build())
                    .join();

            String expected = "tenant=acme request=r1 taskmanager=images task=resize";
            assertThat(seen).containsExactly(expected, expected);
        });
    }

    @Test
    void isAroundACallback() {
        runner.run(context -> {
            CompletableFuture<Object> calledBack = new CompletableFuture<>();
            images(context.getBean(TaskManagerRegistry.class))
                    .queueTaskWithCallback((task, session) -> null, (value, error) -> {
                        note();
                        calledBack.complete(null);
                    });
            calledBack.join();

            assertThat(seen).containsExactly("tenant=acme request=r1 taskmanager=images task=null");
        });
    }

    @Test
    void isNotAroundTheNextTask() {
        runner.run(context -> {
            TaskManager<Object, Object> images = images(context.getBean(TaskManagerRegistry.class));
            images.queueTaskAsync(noting()).join();
            MDC.clear();
            TENANT.remove();
            images.submit(noting(), TaskOptions.builder().name("next").build()).join();

            assertThat(seen).hasSize(2).last().isEqualTo("tenant=null request=null taskmanager=images task=next");
        });
    }

    @Test
    void theLogContextNeedsNoOtherLibrary() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer.context")).run(context -> {
            images(context.getBean(TaskManagerRegistry.class))
                    .submit(noting(), TaskOptions.builder().name("resize").build())
                    .join();
            assertThat(seen).singleElement().asString().contains("request=r1 taskmanager=images task=resize");
        });
    }

    @Test
    void aTaskThatADecoratorOfTheApplicationGaveCapturesToo() {
        runner.withBean(TaskDecorator.class, Recapturing::new).run(context -> {
            images(context.getBean(TaskManagerRegistry.class))
                    .queueTaskAsync(noting())
                    .join();
            assertThat(seen).hasSize(2).element(0).isEqualTo("captured by " + Thread.currentThread());
        });
    }

    private final class Recapturing implements TaskDecorator {
        @Override
        public <R, T> Task<R, T> decorate(Task<R, T> task) {
            return new CapturingTask<>() {
                @Override
                public void capture() {
                    seen.add("captured by " + Thread.currentThread());
                }

                @Override
                public T execute(TaskContext context, R resource) throws Exception {
                    return task.execute(context, resource);
                }
            };
        }
    }

    private Task<Object, Object> noting() {
        return (task, session) -> {
            note();
            return null;
        };
    }

    private void note() {
        List<String> entries = new ArrayList<>();
        entries.add("tenant=" + TENANT.get());
        for (String key : List.of("request", "taskmanager", "task")) {
            entries.add(key + "=" + MDC.get(key));
        }
        seen.add(String.join(" ", entries));
    }

    @SuppressWarnings("unchecked")
    private static TaskManager<Object, Object> images(TaskManagerRegistry managers) {
        return (TaskManager<Object, Object>) managers.get("images");
    }
}
