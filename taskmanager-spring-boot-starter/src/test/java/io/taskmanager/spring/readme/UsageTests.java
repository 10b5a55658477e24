package io.taskmanager.spring.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.autoconfigure.TaskManagerAutoConfiguration;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;

/** The examples of the usage page do what the page says of them. */
@SpringBootTest
class UsageTests {

    private static final Path PICTURE = Path.of("picture");
    private static final Duration SOON = Duration.ofSeconds(20);

    @Autowired
    TaskManager<ImageProcessor, Object> images;

    @Autowired
    TaskManagerRegistry registry;

    @Autowired
    Reports reports;

    @Autowired
    Watch watch;

    @Test
    void every_form_answers() throws Exception {
        Forms forms = new Forms(images);

        assertThat(forms.blocking(PICTURE)).asString().isEqualTo("picture");
        assertThat(forms.async(PICTURE).get()).asString().isEqualTo("picture");
        assertThat(forms.urgent(PICTURE)).asString().isEqualTo("picture");
        assertThat(forms.atMostOnce(PICTURE)).isEqualTo("published picture");
        assertThat(forms.now(PICTURE)).asString().isEqualTo("picture");
    }

    @Test
    void a_callback_has_the_result_or_the_error() {
        CompletableFuture<byte[]> shown = new CompletableFuture<>();
        new Forms(images).callback(PICTURE, shown::complete, shown::completeExceptionally);
        CompletableFuture<Throwable> complaint = new CompletableFuture<>();
        new Forms(synchronous(ImageProcessor.broken()))
                .callback(PICTURE, thumbnail -> complaint.cancel(true), complaint::complete);

        assertThat(shown.join()).asString().isEqualTo("picture");
        assertThat(complaint.join()).isInstanceOf(TaskExecutionException.class).hasRootCauseMessage("broken");
    }

    @Test
    void a_task_has_options_of_its_own() throws Exception {
        Options options = new Options(images);

        assertThat(options.preview(PICTURE)).asString().isEqualTo("picture");
        assertThat(options.laterPreview(PICTURE).get()).asString().isEqualTo("picture");
    }

    @Test
    void an_answer_says_what_became_of_the_task() throws Exception {
        TaskManager<ImageProcessor, Object> stopped = synchronous(ImageProcessor.open());
        stopped.stop();
        TaskManager<ImageProcessor, Object> throwing = synchronous(new ImageProcessor() {
            @Override
            String publish(Path picture) {
                throw new IllegalArgumentException("no picture");
            }
        });
        @SuppressWarnings("unchecked")
        TaskManager<ImageProcessor, Object> slow = mock(TaskManager.class);
        given(slow.queueTask(any())).willThrow(new TaskTimeoutException("5 s"));

        assertThat(new Answers(images).publish(PICTURE)).isEqualTo("published picture");
        assertThat(new Answers(stopped).publish(PICTURE)).isEqualTo("did not run, and will not: SHUTTING_DOWN");
        assertThat(new Answers(throwing).publish(PICTURE))
                .isEqualTo("threw: java.lang.IllegalArgumentException: no picture");
        assertThat(new Answers(slow).publish(PICTURE)).isEqualTo("took too long: 5 s");
    }

    @Test
    void a_task_that_is_cancelled_leaves_the_step_that_blocks() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        ImageProcessor blocking = new ImageProcessor() {
            @Override
            byte[] thumbnail(Path picture) throws IOException {
                running.countDown();
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return new byte[0];
            }

            @Override
            void close() {
                closed.countDown();
            }
        };
        try (TaskManager<ImageProcessor, Object> one = TaskManagers.create(config(blocking))) {
            Gallery gallery = new Gallery(one);
            CompletableFuture<List<byte[]>> thumbnails = gallery.thumbnailsSoon(List.of(PICTURE, PICTURE));
            running.await();
            gallery.forget(thumbnails);

            closed.await();
            assertThat(thumbnails).isCancelled();
        }
    }

    @Test
    void a_retry_policy_says_what_is_worth_another_try() throws InterruptedException {
        int attempts = images.queueTask((context, processor) -> {
            if (context.attempt() == 1) {
                throw new HttpTimeoutException("slow");
            }
            return context.attempt();
        });

        assertThat(attempts).isEqualTo(2);
    }

    @Test
    void a_resource_health_check_serves_the_managers_of_its_resource() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
                .withUserConfiguration(RetryConfiguration.class, Processors.class)
                .withPropertyValues("taskmanager.managers.images.worker-count=1")
                .run(context -> {
                    Processors processors = context.getBean(Processors.class);
                    CompletableFuture<Object> closed = processors.images.queueTaskAsync((task, processor) -> {
                        processor.close();
                        throw new IllegalStateException("closed");
                    });

                    assertThat(closed).failsWithin(SOON);
                    assertThat(processors.images.<Boolean>queueTask((task, processor) -> processor.isOpen()))
                            .isTrue();
                });
    }

    @Test
    void a_manager_of_ones_own_is_one_of_all() {
        assertThat(registry.names()).containsExactly("images", "ledger");
    }

    @Test
    void a_method_runs_on_a_manager() {
        assertThat(reports.yearly().join()).startsWith("images-worker-");
    }

    @Test
    void a_listener_hears_of_resources_that_broke() throws Exception {
        long before = watch.brokenResources.sum();
        CompletableFuture<Object> broken = images.queueTaskOnceAsync((context, processor) -> {
            throw new IOException("broken");
        });

        assertThat(broken).failsWithin(SOON);
        await().until(() -> watch.brokenResources.sum() > before);
    }

    @Test
    void the_engine_runs_without_spring() throws InterruptedException {
        assertThat(WithoutSpring.run()).isEqualTo("how are you? fine");
    }

    private static TaskManager<ImageProcessor, Object> synchronous(ImageProcessor processor) {
        return TaskManagers.createSynchronous(config(processor));
    }

    private static TaskManagerConfig<ImageProcessor> config(ImageProcessor processor) {
        return TaskManagerConfig.builder(ResourceFactory.<ImageProcessor>builder(() -> processor)
                        .destroy(ImageProcessor::close)
                        .build())
                .workerCount(1)
                .build();
    }

    /** No configuration by its annotation, or it would be that of this test. */
    static class Processors {

        @Autowired
        TaskManager<ImageProcessor, Object> images;

        @Bean
        static ResourceFactory<ImageProcessor> factory() {
            return ResourceFactory.of(ImageProcessor::open, ImageProcessor::close);
        }
    }
}
