package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskOptions;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The context: what a task is told of itself. */
class TaskContextTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    @EveryEntryPoint
    void tellsATaskOfItsFirstAttempt(EntryPoint entry) {
        var manager = bed.manager(config -> config.name("photos"));

        List<Object> told = bed.call(entry, manager, (context, resource) -> {
                    context.throwIfCancelled();
                    return List.<Object>of(
                            context.managerName(), context.attempt(), context.isCancelled(), context.deadline());
                })
                .value();

        assertThat(told).containsExactly("photos", 1, false, Optional.empty());
        assertThat(manager.name()).isEqualTo("photos");
    }

    @EveryEntryPoint
    void tellsWhereItWasSubmitted(EntryPoint entry) {
        var manager = bed.manager(config -> config);

        assertThat(bed.call(entry, manager, (context, resource) -> context.lane())
                        .value())
                .isEqualTo(entry.lane());
    }

    @Test
    void tellsTheTagsOfTheOptions() {
        var manager = bed.manager(config -> config);

        assertThat(bed.submit(manager, TaskOptions.builder().tag("tenant", "a"), (context, resource) -> context.tags())
                        .value())
                .isEqualTo(Map.of("tenant", "a"));
        assertThat(bed.submit(manager, TaskOptions.builder(), (context, resource) -> context.tags())
                        .value())
                .isEmpty();
    }

    @EveryEntryPoint
    void namesEachTask(EntryPoint entry) {
        var manager = bed.manager(config -> config);

        String first = bed.call(entry, manager, (context, resource) -> context.taskName())
                .value();
        String second = bed.call(entry, manager, (context, resource) -> context.taskName())
                .value();

        assertThat(first).isNotBlank();
        assertThat(second).isNotBlank().isNotEqualTo(first);
    }

    @EveryRetriedForm
    void keepsTheNameThroughRetries(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false));
        List<String> names = new CopyOnWriteArrayList<>();

        bed.call(entry, manager, (context, resource) -> {
                    names.add(context.taskName());
                    if (context.attempt() == 1) {
                        throw new IOException();
                    }
                    return null;
                })
                .value();

        assertThat(names).hasSize(2);
        assertThat(names.get(0)).isEqualTo(names.get(1));
    }

    @Test
    void tellsTheNameOfTheOptions() {
        var manager = bed.manager(config -> config);
        var options = TaskOptions.builder().name("thumbnail").build();

        assertThat(manager.<String>submit((context, resource) -> context.taskName(), options)
                        .join())
                .isEqualTo("thumbnail");
    }

    @Test
    void namesTheTaskInItsError() {
        var manager = bed.manager(config -> config.name("photos"));
        var options = TaskOptions.builder().name("thumbnail").build();

        Throwable error = manager.submit(
                        (context, resource) -> {
                            throw new IOException("the disk is full");
                        },
                        options)
                .handle((value, thrown) -> thrown)
                .join();

        assertThat(error)
                .isExactlyInstanceOf(TaskExecutionException.class)
                .message()
                .contains("photos", "thumbnail");
    }

    @EveryEntryPoint
    void refusesANullAction(EntryPoint entry) {
        var manager = bed.manager(config -> config);

        bed.call(entry, manager, (context, resource) -> {
                    assertThatNullPointerException().isThrownBy(() -> context.onCancel(null));
                    return null;
                })
                .value();
    }
}
