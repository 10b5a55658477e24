package io.taskmanager.sample.imports;

import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.sample.imports.ImportStatus.Left;
import java.util.List;
import java.util.Map;

/**
 * Where a durable import stands.
 *
 * @param id the import
 * @param state RUNNING while there is anything to do, then DONE, or BROKEN where the folder could not be read
 * @param total pictures found until now
 * @param done those that are in the catalogue
 * @param failed those that could not be imported
 * @param running those that a node has
 * @param remaining those that no node has yet
 * @param failures the first hundred failed, with reasons
 */
public record DurableImportStatus(
        String id,
        ImportStatus.State state,
        long total,
        long done,
        long failed,
        long running,
        long remaining,
        List<Left> failures) {

    static DurableImportStatus of(DurableTask folder, Map<DurableTaskState, Long> counts, List<Left> failures) {
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        long running = counts.getOrDefault(DurableTaskState.RUNNING, 0L);
        long remaining = counts.getOrDefault(DurableTaskState.QUEUED, 0L);
        return new DurableImportStatus(
                folder.id().toString(),
                state(folder, running + remaining, counts.containsKey(DurableTaskState.CANCELLED)),
                total,
                counts.getOrDefault(DurableTaskState.SUCCEEDED, 0L),
                counts.getOrDefault(DurableTaskState.DEAD_LETTER, 0L),
                running,
                remaining,
                List.copyOf(failures));
    }

    private static ImportStatus.State state(DurableTask folder, long open, boolean cancelled) {
        if (open > 0 || !folder.state().isFinal()) {
            return ImportStatus.State.RUNNING;
        }
        if (cancelled || folder.state() == DurableTaskState.CANCELLED) {
            return ImportStatus.State.CANCELLED;
        }
        return folder.state() == DurableTaskState.SUCCEEDED ? ImportStatus.State.DONE : ImportStatus.State.BROKEN;
    }
}
