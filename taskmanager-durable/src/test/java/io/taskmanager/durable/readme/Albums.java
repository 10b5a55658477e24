package io.taskmanager.durable.readme;

import io.taskmanager.Backoff;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.TaskId;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class Albums {

    private final JdbcTemplate jdbc;
    private final DurableTaskClient tasks;

    Albums(JdbcTemplate jdbc, DurableTaskClient tasks) {
        this.jdbc = jdbc;
        this.tasks = tasks;
    }

    @Transactional // the rows and the tasks, or neither
    public List<TaskId> add(String album, List<String> files) {
        files.forEach(file -> jdbc.update("insert into picture (album, file) values (?, ?)", album, file));
        return tasks.enqueueAll(files.stream()
                .map(file -> DurableTaskRequest.builder(
                                DurableThumbnails.THUMBNAIL, new DurableThumbnails.Picture(file))
                        .key(album + "/" + file) // queued twice, it is one task
                        .maxRetries(3)
                        .backoff(Backoff.exponential(Duration.ofSeconds(5), Duration.ofMinutes(5)))
                        .build())
                .toList());
    }
}
