package io.taskmanager.sample.imports;

import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskContext;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.TaskHandler;
import io.taskmanager.durable.TaskType;
import io.taskmanager.sample.catalog.CatalogSession;
import io.taskmanager.sample.imports.DurableImports.FolderToImport;
import io.taskmanager.sample.imports.DurableImports.PhotoToImport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/** Queues a task for each picture of a folder. */
@Component
@ConditionalOnBooleanProperty("taskmanager.durable.enabled")
final class FolderHandler implements TaskHandler<FolderToImport, CatalogSession, Integer> {

    private static final int BATCH = 500;

    private final DurableTaskClient tasks;

    FolderHandler(DurableTaskClient tasks) {
        this.tasks = tasks;
    }

    @Override
    public TaskType<FolderToImport, Integer> type() {
        return DurableImports.FOLDER;
    }

    @Override
    public String manager() {
        return "catalog";
    }

    @Override
    public Integer handle(DurableTaskContext context, FolderToImport payload, CatalogSession session)
            throws IOException {
        ImportFolder folder = new ImportFolder(Path.of(payload.root()), Path.of(payload.folder()));
        List<DurableTaskRequest<PhotoToImport>> photos = new ArrayList<>();
        int[] found = {0};
        folder.entries(entry -> {
            if (entry.kind() == Entry.Kind.PICTURE) {
                photos.add(DurableImports.photo(context.taskId(), folder, entry));
                found[0]++;
            }
            if (photos.size() == BATCH) {
                queue(photos);
            }
            return !context.isCancelled();
        });
        context.throwIfCancelled();
        queue(photos);
        return found[0];
    }

    private void queue(List<DurableTaskRequest<PhotoToImport>> photos) {
        tasks.enqueueAll(photos);
        photos.clear();
    }
}
