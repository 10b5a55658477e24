package io.taskmanager.sample.imports;

import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskPage;
import io.taskmanager.durable.DurableTaskQuery;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.TaskType;
import io.taskmanager.sample.imports.ImportStatus.Left;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Service;

/**
 * Imports that are rows of a database: one for the folder, whose task finds the pictures, and one for each picture. Whatever
 * node runs goes on with them.
 */
@Service
@ConditionalOnBooleanProperty("taskmanager.durable.enabled")
public class DurableImports {

    static final TaskType<FolderToImport, Integer> FOLDER =
            TaskType.of("import-folder", FolderToImport.class, Integer.class);
    static final TaskType<PhotoToImport, Boolean> PHOTO =
            TaskType.of("import-photo", PhotoToImport.class, Boolean.class);

    /** A photo that can't be read now can't be read later either; a disk that is full may have room by then. */
    private static final int RETRIES = 2;

    private static final int REASONS_KEPT = 100;
    private static final int LONGEST_NAME_IN_KEY = 100;

    private final DurableTaskClient tasks;

    DurableImports(DurableTaskClient tasks) {
        this.tasks = tasks;
    }

    /** What an import's first task is given: the real paths of an {@link ImportFolder}. */
    record FolderToImport(String root, String folder) {}

    /** What the task of a picture is given. */
    record PhotoToImport(String root, String file) {}

    /** Queues an import; it is named by its first task. */
    public TaskId start(ImportFolder folder) {
        return tasks.queueTask(
                FOLDER,
                new FolderToImport(folder.root().toString(), folder.path().toString()));
    }

    /** A picture of an import: the second delivery of the folder's task queues none of them again. */
    static DurableTaskRequest<PhotoToImport> photo(TaskId importId, ImportFolder folder, Entry entry) {
        String shown = folder.relative(entry.path());
        String own = UUID.nameUUIDFromBytes(entry.path().toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        return DurableTaskRequest.builder(
                        PHOTO,
                        new PhotoToImport(folder.root().toString(), entry.path().toString()))
                .key(importId + " " + own + " " + shown.substring(0, Math.min(shown.length(), LONGEST_NAME_IN_KEY)))
                .maxRetries(RETRIES)
                .build();
    }

    /** Where an import stands; empty if there is none of that id. */
    public Optional<DurableImportStatus> find(String id) {
        return folderTask(id).map(this::status);
    }

    private Optional<DurableTask> folderTask(String id) {
        try {
            return tasks.find(TaskId.of(id)).filter(task -> task.type().equals(FOLDER.name()));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no UUID
        }
    }

    private DurableImportStatus status(DurableTask folder) {
        Map<DurableTaskState, Long> counts = new EnumMap<>(DurableTaskState.class);
        List<Left> failures = new ArrayList<>();
        forEachPhoto(folder.id(), photo -> {
            counts.merge(photo.state(), 1L, Long::sum);
            if (photo.state() == DurableTaskState.DEAD_LETTER && failures.size() < REASONS_KEPT) {
                failures.add(new Left(nameOf(photo), Reasons.of(photo)));
            }
        });
        return DurableImportStatus.of(folder, counts, failures);
    }

    private static String nameOf(DurableTask photo) {
        String key = String.valueOf(photo.key());
        return key.split(" ", 3)[2];
    }

    /** Cancels what no node has begun; the rest is finished. */
    public Optional<DurableImportStatus> cancel(String id) {
        return folderTask(id).map(folder -> {
            tasks.cancel(folder.id());
            forEachPhoto(folder.id(), photo -> {
                if (photo.state() == DurableTaskState.QUEUED) {
                    tasks.cancel(photo.id());
                }
            });
            return status(folder);
        });
    }

    /** Photos are younger than their folder's task, so what is older need not be looked at. */
    private void forEachPhoto(TaskId importId, Consumer<DurableTask> action) {
        DurableTaskQuery query = DurableTaskQuery.all().type(PHOTO).limit(DurableTaskQuery.MAX_LIMIT);
        Optional<TaskId> next = Optional.empty();
        do {
            DurableTaskPage page = tasks.list(next.map(query::before).orElse(query));
            page.tasks().stream()
                    .filter(photo -> String.valueOf(photo.key()).startsWith(importId + " "))
                    .forEach(action);
            next = page.next().filter(last -> last.toString().compareTo(importId.toString()) > 0);
        } while (next.isPresent());
    }
}
