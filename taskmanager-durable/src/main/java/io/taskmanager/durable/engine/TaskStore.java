package io.taskmanager.durable.engine;

import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskPage;
import io.taskmanager.durable.DurableTaskQuery;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.engine.Outcome.Ended;
import io.taskmanager.durable.engine.Outcome.Picked;
import io.taskmanager.durable.engine.Outcome.Requeued;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The statements that are ours. Those that a {@link io.taskmanager.durable.DurableTaskClient} makes join the caller's transaction;
 * the outcomes of a node have one of their own.
 *
 * <p>A task is in the queue until it ends, and then in the history: what is polled stays small, and so do its indexes, however
 * much has been done. Ids sort by time, so the newest are found by their id.
 */
public final class TaskStore {

    /** What db-scheduler orders by first, and then by the time that a task is due. */
    static final int MAIN = 0;

    static final int PRIORITY = 10;

    private static final String REDRIVEN = Stream.of(DurableTaskState.values())
            .filter(DurableTaskState::canBeRedriven)
            .map(state -> "'" + state + "'")
            .collect(Collectors.joining(", "));

    /** What {@link #ended} shows: payloads and results may be long, and pages of them more than a heap. */
    private static final String ENDED = "task_instance, task_name, state, task_key, priority, at_most_once, deliveries,"
            + " execution_time, started_at, finished_at, node, error, error_message";

    private static final String ENDED_VALUES = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

    /** Far fewer than those after which PostgreSQL's driver waits for answers, and so begins another transaction. */
    private static final int MAX_AT_ONCE = 50;

    private static final int LOCK_TIMEOUT_SECONDS = 10;

    private final Tables tables;
    private final Dialect dialect;
    private final Json json;
    private final boolean autoCommit;
    private final JdbcTemplate jdbc;
    private final CallersTransaction callers;

    /** @param autoCommit whether a statement outside a transaction is committed by itself, as the pool is configured */
    TaskStore(DataSource dataSource, boolean autoCommit, Dialect dialect, Tables tables, Json json) {
        this.autoCommit = autoCommit;
        this.tables = tables;
        this.dialect = dialect;
        this.json = json;
        this.jdbc = new JdbcTemplate(dataSource);
        this.callers = new CallersTransaction(dataSource);
    }

    /** A task to be queued. */
    record NewTask(TaskId id, String type, TaskData data, Instant dueAt, boolean priority) {}

    /**
     * Queues all or none.
     *
     * @return the id of each: another's where there is a task of its type and key
     */
    List<TaskId> insert(List<NewTask> tasks) {
        if (tasks.stream().allMatch(task -> task.data().header().key() == null)) {
            insertIntoQueue(tasks);
            return tasks.stream().map(NewTask::id).toList();
        }
        return callers.join(() -> {
            List<TaskId> ids = new ArrayList<>();
            List<NewTask> fresh = new ArrayList<>();
            for (NewTask task : tasks) {
                TaskId id = claimKey(task);
                ids.add(id);
                if (id.equals(task.id())) {
                    fresh.add(task);
                }
            }
            insertIntoQueue(fresh);
            return ids;
        });
    }

    private void insertIntoQueue(List<NewTask> tasks) {
        if (tasks.isEmpty()) {
            return;
        }
        String sql = "insert into " + tables.queue()
                + " (task_name, task_instance, task_data, execution_time, picked, version,"
                + " priority, started) values (?, ?, ?, ?, ?, 1, ?, ?)";
        if (tasks.size() == 1) {
            alone(() -> jdbc.update(sql, (PreparedStatement statement) -> setNew(statement, tasks.get(0))));
            return;
        }
        callers.join(() -> jdbc.batchUpdate(sql, each(tasks, this::setNew)));
    }

    /** A single statement, which needs no transaction where the pool's connections commit by themselves. */
    private <T> T alone(Supplier<T> statement) {
        return autoCommit ? statement.get() : callers.join(statement);
    }

    /** Whether what is queued now is seen only after the caller's commit. */
    boolean isInCallersTransaction() {
        return callers.isActive();
    }

    private void setNew(PreparedStatement statement, NewTask task) throws SQLException {
        statement.setString(1, task.type());
        statement.setString(2, task.id().toString());
        statement.setBytes(3, json.write(task.data()));
        statement.setTimestamp(4, Timestamp.from(task.dueAt()));
        statement.setBoolean(5, false);
        statement.setInt(6, task.priority() ? PRIORITY : MAIN);
        statement.setBoolean(7, false);
    }

    /**
     * Two nodes that claim one key at the same time: the second waits for the first's transaction, in the insert, and then either
     * finds its row or has its own.
     */
    private TaskId claimKey(NewTask task) {
        String key = task.data().header().key();
        if (key == null) {
            return task.id();
        }
        int inserted;
        try {
            inserted = jdbc.update(
                    dialect.insertKey(tables.keys()),
                    task.type(),
                    key,
                    task.id().toString());
        } catch (DuplicateKeyException e) {
            inserted = 0;
        }
        if (inserted == 1) {
            return task.id();
        }
        return jdbc.query(
                        "select task_instance from " + tables.keys() + " where task_name = ? and task_key = ?"
                                + dialect.asOfNow(),
                        (row, number) -> TaskId.of(row.getString(1)),
                        task.type(),
                        key)
                .get(0);
    }

    /** What is committed now, whatever the caller's transaction goes on seeing: then on a connection of its own. */
    <T> T committed(Supplier<T> look) {
        Integer isolation = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
        boolean snapshot = isolation == null
                ? dialect.readsSnapshots()
                : isolation >= TransactionDefinition.ISOLATION_REPEATABLE_READ;
        return snapshot && TransactionSynchronizationManager.isActualTransactionActive()
                ? callers.apart(look)
                : look.get();
    }

    Optional<DurableTask> find(TaskId id) {
        // A task goes from queue to history, or back by a redrive, so one that is in neither may be on its way back.
        return inQueue(id).or(() -> inHistory(id)).or(() -> inQueue(id));
    }

    private Optional<DurableTask> inQueue(TaskId id) {
        return first("select * from " + tables.queue() + " where task_instance = ?", this::queued, id);
    }

    private Optional<DurableTask> inHistory(TaskId id) {
        return first("select " + ENDED + " from " + tables.history() + " where task_instance = ?", this::ended, id);
    }

    private <T> Optional<T> first(String sql, RowMapper<T> mapper, TaskId id) {
        return jdbc.query(sql, mapper, id.toString()).stream().findFirst();
    }

    private DurableTask queued(ResultSet row, int number) throws SQLException {
        TaskId id = TaskId.of(row.getString("task_instance"));
        boolean picked = row.getBoolean("picked");
        TaskData.Header header = json.header(row.getBytes("task_data"));
        return new DurableTask(
                id,
                row.getString("task_name"),
                picked ? DurableTaskState.RUNNING : DurableTaskState.QUEUED,
                header.key(),
                row.getInt("priority") > MAIN,
                header.once(),
                header.deliveries() + (picked ? 1 : 0),
                TaskIds.time(id),
                row.getTimestamp("execution_time").toInstant(),
                null,
                null,
                row.getString("picked_by"),
                header.error(),
                header.message());
    }

    private DurableTask ended(ResultSet row, int number) throws SQLException {
        TaskId id = TaskId.of(row.getString("task_instance"));
        return new DurableTask(
                id,
                row.getString("task_name"),
                DurableTaskState.valueOf(row.getString("state")),
                row.getString("task_key"),
                row.getInt("priority") > MAIN,
                row.getBoolean("at_most_once"),
                row.getInt("deliveries"),
                TaskIds.time(id),
                row.getTimestamp("execution_time").toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                row.getString("node"),
                row.getString("error"),
                row.getString("error_message"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    /** As {@link Json} reads it; empty if the handler has returned null, or the task has not SUCCEEDED. */
    Optional<byte[]> result(TaskId id) {
        return jdbc
                .query(
                        "select result from " + tables.history() + " where task_instance = ? and result is not null",
                        (row, number) -> row.getBytes("result"),
                        id.toString())
                .stream()
                .findFirst();
    }

    /** One look for each state, each by an index: a database would sort all rows of several states to merge them. */
    DurableTaskPage list(DurableTaskQuery query) {
        // A task that goes on between two looks is in both: the later one, as states are in the order of a task's life,
        // counts.
        Map<String, DurableTask> newestFirst = new TreeMap<>(Comparator.reverseOrder());
        for (DurableTaskState state : DurableTaskState.values()) {
            if (query.state() == null || query.state() == state) {
                list(state, query).forEach(task -> newestFirst.put(task.id().toString(), task));
            }
        }
        List<DurableTask> found = List.copyOf(newestFirst.values());
        if (found.size() <= query.limit()) {
            return new DurableTaskPage(found, Optional.empty());
        }
        List<DurableTask> page = found.subList(0, query.limit());
        return new DurableTaskPage(page, Optional.of(page.get(page.size() - 1).id()));
    }

    private List<DurableTask> list(DurableTaskState state, DurableTaskQuery query) {
        List<Object> arguments = new ArrayList<>();
        String sql = state.isFinal()
                ? "select " + ENDED + " from " + tables.history() + " where state = ?"
                : "select * from " + tables.queue() + " where picked = ?";
        arguments.add(state.isFinal() ? state.name() : state == DurableTaskState.RUNNING);
        if (query.type() != null) {
            sql += " and task_name = ?";
            arguments.add(query.type());
        }
        if (query.before() != null) {
            sql += " and task_instance < ?";
            arguments.add(query.before().toString());
        }
        sql += " order by task_instance desc limit " + (query.limit() + 1);
        return jdbc.query(sql, state.isFinal() ? this::ended : this::queued, arguments.toArray());
    }

    /** Whether it is cancelled now. */
    boolean cancel(TaskId id, Instant now) {
        return callers.join(() -> {
            for (QueueRow row : queueRow(id)) {
                TaskData.Header header = json.header(row.data());
                Ended cancelled = new Ended(
                        row.picked(),
                        DurableTaskState.CANCELLED,
                        header,
                        header.deliveries(),
                        null,
                        now,
                        null,
                        null,
                        null,
                        null);
                return end(List.of(cancelled))[0];
            }
            return false;
        });
    }

    private record QueueRow(Picked picked, byte[] data) {}

    private List<QueueRow> queueRow(TaskId id) {
        return jdbc.query(
                "select * from " + tables.queue() + " where task_instance = ? and picked = ?",
                (row, number) -> new QueueRow(
                        new Picked(
                                row.getString("task_name"),
                                row.getString("task_instance"),
                                row.getLong("version"),
                                row.getTimestamp("execution_time").toInstant(),
                                row.getInt("priority"),
                                row.getInt("consecutive_failures")),
                        row.getBytes("task_data")),
                id.toString(),
                false);
    }

    /** The type of the task that is queued now; empty if it is not one to be redriven. */
    Optional<String> redrive(TaskId id, Instant now) {
        List<NewTask> queued = callers.join(() -> {
            String ended = " from " + tables.history() + " where task_instance = ? and state in (" + REDRIVEN + ")";
            List<NewTask> tasks = jdbc.query("select *" + ended, (row, number) -> redriven(row, now), id.toString());
            // Two at a time: the second waits for the first's delete, and then has none of its own.
            if (jdbc.update("delete" + ended, id.toString()) == 0) {
                return List.<NewTask>of();
            }
            insertIntoQueue(tasks);
            return tasks;
        });
        return queued.stream().findFirst().map(NewTask::type);
    }

    private NewTask redriven(ResultSet row, Instant now) throws SQLException {
        return new NewTask(
                TaskId.of(row.getString("task_instance")),
                row.getString("task_name"),
                json.data(row.getBytes("task_data")).redriven(row.getInt("deliveries")),
                now,
                row.getInt("priority") > MAIN);
    }

    /**
     * Notes that a task begins that runs at most once. May be called again for the same picked row: only who has that can set it.
     *
     * @return false if the row is no longer this node's, and the task must not begin
     */
    boolean start(Picked picked) {
        return alone(() -> jdbc.update(
                        "update " + tables.queue()
                                + " set started = ? where task_instance = ? and task_name = ? and version = ?",
                        true,
                        picked.id(),
                        picked.type(),
                        picked.version()))
                == 1;
    }

    /**
     * Writes what became of tasks, all or none.
     *
     * @return for each, whether the row was still this node's
     */
    boolean[] apply(List<Outcome> outcomes) {
        List<Ended> ended = only(Ended.class, outcomes);
        if (dialect == Dialect.POSTGRESQL
                && autoCommit
                && ended.size() == outcomes.size()
                && ended.size() <= MAX_AT_ONCE) {
            return end(ended); // one message of statements is one transaction there
        }
        return inTransaction(outcomes);
    }

    /** The same for a task of another node's, which may have frozen with the row locked: waits for that only so long. */
    boolean takeOver(Outcome outcome) {
        return inTransaction(List.of(outcome))[0];
    }

    private static <T extends Outcome> List<T> only(Class<T> kind, List<Outcome> outcomes) {
        return outcomes.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private boolean[] inTransaction(List<Outcome> outcomes) {
        boolean[][] applied = callers.apart(() -> {
            boundLocks();
            return new boolean[][] {end(only(Ended.class, outcomes)), requeue(only(Requeued.class, outcomes))};
        });
        boolean[] inOrder = new boolean[outcomes.size()];
        int end = 0;
        int again = 0;
        for (int i = 0; i < inOrder.length; i++) {
            inOrder[i] = outcomes.get(i) instanceof Ended ? applied[0][end++] : applied[1][again++];
        }
        return inOrder;
    }

    /**
     * A node that is frozen between two statements holds the locks of its rows, and whoever wants to take them over would wait for
     * as long. So the server ends such a session.
     */
    private void boundLocks() {
        if (dialect == Dialect.POSTGRESQL) {
            jdbc.execute("set local lock_timeout = '" + LOCK_TIMEOUT_SECONDS
                    + "s'; set local idle_in_transaction_session_timeout = '" + LOCK_TIMEOUT_SECONDS + "s'");
        }
    }

    private boolean[] end(List<Ended> ended) {
        String delete = "delete from " + tables.queue() + " where task_instance = ? and task_name = ? and version = ?";
        if (dialect == Dialect.POSTGRESQL) {
            return changed(
                    "with deleted as (" + delete + " returning 1) "
                            + insertIntoHistory("select " + ENDED_VALUES + " from deleted"),
                    ended,
                    (statement, outcome) -> {
                        setPicked(statement, outcome);
                        setEnded(statement, 4, outcome);
                    });
        }
        boolean[] deleted = changed(delete, ended, TaskStore::setPicked);
        List<Ended> ours = new ArrayList<>();
        for (int i = 0; i < deleted.length; i++) {
            if (deleted[i]) {
                ours.add(ended.get(i));
            }
        }
        if (!ours.isEmpty()) {
            jdbc.batchUpdate(
                    insertIntoHistory("values (" + ENDED_VALUES + ")"),
                    each(ours, (statement, outcome) -> setEnded(statement, 1, outcome)));
        }
        return deleted;
    }

    private static void setPicked(PreparedStatement statement, Ended outcome) throws SQLException {
        statement.setString(1, outcome.picked().id());
        statement.setString(2, outcome.picked().type());
        statement.setLong(3, outcome.picked().version());
    }

    private String insertIntoHistory(String rows) {
        return "insert into " + tables.history()
                + " (task_instance, task_name, state, task_key, priority, at_most_once, deliveries, execution_time,"
                + " started_at, finished_at, node, error, error_message, task_data, result) " + rows;
    }

    private static void setEnded(PreparedStatement statement, int first, Ended outcome) throws SQLException {
        int index = first;
        statement.setString(index++, outcome.picked().id());
        statement.setString(index++, outcome.picked().type());
        statement.setString(index++, outcome.state().name());
        statement.setString(index++, outcome.header().key());
        statement.setInt(index++, outcome.picked().priority());
        statement.setBoolean(index++, outcome.header().once());
        statement.setInt(index++, outcome.deliveries());
        statement.setTimestamp(index++, Timestamp.from(outcome.picked().dueAt()));
        statement.setTimestamp(index++, outcome.startedAt() == null ? null : Timestamp.from(outcome.startedAt()));
        statement.setTimestamp(index++, Timestamp.from(outcome.finishedAt()));
        statement.setString(index++, outcome.node());
        TaskError error = outcome.error();
        statement.setString(index++, error == null ? outcome.header().error() : error.type());
        statement.setString(index++, error == null ? outcome.header().message() : error.message());
        statement.setBytes(index++, outcome.data());
        statement.setBytes(index, outcome.result());
    }

    private boolean[] requeue(List<Requeued> requeued) {
        return changed(
                "update " + tables.queue()
                        + " set picked = ?, picked_by = null, last_heartbeat = null, execution_time = ?, consecutive_failures = ?,"
                        + " last_failure = coalesce(?, last_failure), task_data = ?, version = version + 1"
                        + " where task_instance = ? and task_name = ? and version = ? and started = ?",
                requeued,
                (statement, outcome) -> {
                    statement.setBoolean(1, false);
                    statement.setTimestamp(2, Timestamp.from(outcome.dueAt()));
                    statement.setInt(3, outcome.failures());
                    statement.setTimestamp(4, outcome.failedAt() == null ? null : Timestamp.from(outcome.failedAt()));
                    statement.setBytes(5, outcome.data());
                    statement.setString(6, outcome.picked().id());
                    statement.setString(7, outcome.picked().type());
                    statement.setLong(8, outcome.picked().version());
                    statement.setBoolean(9, false);
                });
    }

    /**
     * Deletes tasks that have ended so in that state before then, with their keys.
     *
     * @return how many; as many as the limit if there may be more
     */
    int deleteEnded(DurableTaskState state, Instant before, int limit) {
        return callers.apart(() -> {
            boundLocks();
            List<String[]> old = jdbc.query(
                    "select task_instance, task_name, task_key from " + tables.history()
                            + " where state = ? and finished_at < ? order by finished_at limit " + limit,
                    (row, number) -> new String[] {row.getString(1), row.getString(2), row.getString(3)},
                    state.name(),
                    Timestamp.from(before));
            changed(
                    "delete from " + tables.history() + " where task_instance = ?",
                    old,
                    (statement, row) -> statement.setString(1, row[0]));
            changed(
                    "delete from " + tables.keys() + " where task_name = ? and task_key = ? and task_instance = ?",
                    old.stream().filter(row -> row[2] != null).toList(),
                    (statement, row) -> {
                        statement.setString(1, row[1]);
                        statement.setString(2, row[2]);
                        statement.setString(3, row[0]);
                    });
            return old.size();
        });
    }

    /**
     * By type and state. Reads an entry for each task that is kept, seconds for millions: of an index, or of the history's table where
     * the database finds its rows so short that this is less.
     */
    public Map<String, Map<DurableTaskState, Long>> counts() {
        Map<String, Map<DurableTaskState, Long>> counts = new TreeMap<>();
        // At one moment, or a task that is picked meanwhile counts twice. Each state has an index of its own on
        // PostgreSQL, and is named, so that the plan does not depend on a value.
        jdbc.query(queueCounts("false") + " union all " + queueCounts("true"), row -> {
            DurableTaskState state = row.getBoolean(3) ? DurableTaskState.RUNNING : DurableTaskState.QUEUED;
            of(counts, row.getString(1)).put(state, row.getLong(2));
        });
        jdbc.query("select task_name, state, count(*) from " + tables.history() + " group by task_name, state", row -> {
            of(counts, row.getString(1)).put(DurableTaskState.valueOf(row.getString(2)), row.getLong(3));
        });
        return counts;
    }

    private String queueCounts(String picked) {
        return "select task_name, count(*), " + picked + " from " + tables.queue() + " where picked = " + picked
                + " group by task_name";
    }

    private static Map<DurableTaskState, Long> of(Map<String, Map<DurableTaskState, Long>> counts, String type) {
        return counts.computeIfAbsent(type, name -> new EnumMap<>(DurableTaskState.class));
    }

    /**
     * Since when the task has been due that waits longest.
     *
     * @param types those to look for: each is one look, by an index
     * @return empty if none is due
     */
    public Optional<Instant> oldestDue(Collection<String> types, Instant now) {
        return types.stream()
                .flatMap(type -> Stream.of(PRIORITY, MAIN).flatMap(lane -> oldest(type, lane).stream()))
                .filter(oldest -> !oldest.isAfter(now))
                .min(Comparator.naturalOrder());
    }

    private Optional<Instant> oldest(String type, int lane) {
        Timestamp oldest = jdbc.queryForObject(
                "select min(execution_time) from " + tables.queue()
                        + " where task_name = ? and priority = ? and picked = ?",
                Timestamp.class,
                type,
                lane,
                false);
        return Optional.ofNullable(oldest).map(Timestamp::toInstant);
    }

    /**
     * A node that has tasks. One that has none is known to nobody: nodes are not written down, their tasks are.
     *
     * @param name its name
     * @param running how many it has
     * @param oldestHeartbeat the oldest that it has given for one of them
     */
    public record NodeInfo(String name, long running, Instant oldestHeartbeat) {}

    /** Those that have tasks now. */
    public List<NodeInfo> nodes() {
        return jdbc.query(
                "select picked_by, count(*), min(last_heartbeat) from " + tables.queue()
                        + " where picked = ? group by picked_by order by picked_by",
                (row, number) -> new NodeInfo(
                        row.getString(1), row.getLong(2), row.getTimestamp(3).toInstant()),
                true);
    }

    /** Asks the database something that costs nothing. */
    public void ping() {
        jdbc.query("select started from " + tables.queue() + " where 1 = 0", row -> {});
    }

    private interface Setter<T> {
        void set(PreparedStatement statement, T value) throws SQLException;
    }

    /** Runs a statement for each of them, and tells which have changed a row. */
    private <T> boolean[] changed(String sql, List<T> values, Setter<T> setter) {
        boolean[] changed = new boolean[values.size()];
        if (values.size() > 1 && dialect.countsInBatches()) {
            int[] rows = jdbc.batchUpdate(sql, each(values, setter));
            for (int i = 0; i < changed.length; i++) {
                changed[i] = rows[i] > 0;
            }
            return changed;
        }
        for (int i = 0; i < changed.length; i++) {
            T value = values.get(i);
            changed[i] = jdbc.update(sql, (PreparedStatementSetter) statement -> setter.set(statement, value)) > 0;
        }
        return changed;
    }

    private static <T> BatchPreparedStatementSetter each(List<T> values, Setter<T> setter) {
        return new BatchPreparedStatementSetter() {
            @Override
            public void setValues(PreparedStatement statement, int index) throws SQLException {
                setter.set(statement, values.get(index));
            }

            @Override
            public int getBatchSize() {
                return values.size();
            }
        };
    }
}
