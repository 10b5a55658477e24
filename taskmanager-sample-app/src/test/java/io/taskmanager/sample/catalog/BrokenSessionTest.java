package io.taskmanager.sample.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.TaskContext;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task manager does about a session that broke. */
class BrokenSessionTest {

    @TempDir
    Path folder;

    private final List<CatalogSession> used = new ArrayList<>(); // one worker, one test: never two writers
    private CatalogSessionFactory factory;
    private TaskManager<CatalogSession, Object> catalog;

    @BeforeEach
    void open() {
        factory = new CatalogSessionFactory(
                "jdbc:h2:file:" + folder.resolve("catalog") + ";DB_CLOSE_ON_EXIT=FALSE", "", "");
        catalog = TaskManagers.create(TaskManagerConfig.builder(factory)
                .name("catalog")
                .workerCount(1)
                .maxWorkerCount(1)
                .healthCheck(new CatalogHealthCheck())
                .build());
    }

    @AfterEach
    void close() {
        catalog.close();
        assertThat(factory.destroyed()).isEqualTo(factory.created());
    }

    @Test
    void theTaskIsRunAgainOnAFreshSession() throws InterruptedException {
        boolean isNew = catalog.queueTask(this::addOnASessionThatBreaksTheFirstTime);

        assertThat(isNew).isTrue();
        assertThat(used).hasSize(2).doesNotHaveDuplicates();
        assertThat(factory.created()).isEqualTo(2);
        assertThat(catalog.metrics().totalTasksRetried()).isEqualTo(1);
        assertThat(catalog.<Long>queueTask((context, session) -> session.count()))
                .isEqualTo(1);
    }

    @Test
    void aTaskForOnceIsNotRunAgainButTheSessionIsReplaced() throws InterruptedException {
        assertThatThrownBy(() -> catalog.queueTaskOnce(this::addOnASessionThatBreaksTheFirstTime))
                .isInstanceOf(TaskExecutionException.class)
                .hasRootCauseInstanceOf(SQLException.class);

        assertThat(catalog.<Long>queueTask((context, session) -> session.count()))
                .isZero();
        assertThat(used).hasSize(1);
        assertThat(factory.created()).isEqualTo(2);
    }

    @Test
    void anErrorOfTheStatementIsNeitherRetriedNorCostsASession() {
        Photo photo = Photos.numbered(1);
        Photo tooLong = new Photo(photo.id(), "x".repeat(300), "jpeg", 1, 1, 1, 1, photo.source(), photo.added());

        assertThatThrownBy(() -> catalog.queueTask((context, session) -> session.add(tooLong)))
                .isInstanceOf(TaskExecutionException.class);
        assertThat(factory.created()).isEqualTo(1);
        assertThat(catalog.metrics().totalTasksRetried()).isZero();
    }

    private boolean addOnASessionThatBreaksTheFirstTime(TaskContext context, CatalogSession session)
            throws SQLException {
        used.add(session);
        if (context.attempt() == 1) {
            session.close();
        }
        return session.add(Photos.numbered(1));
    }
}
