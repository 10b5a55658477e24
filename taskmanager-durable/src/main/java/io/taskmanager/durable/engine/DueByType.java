package io.taskmanager.durable.engine;

import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Execution;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Picks by type and lane on PostgreSQL. db-scheduler's own statement walks in the order of all tasks: past each task of another
 * manager, and past each of the priority lane that is not due yet, were they millions. This one reads, for each type of this
 * manager and for each lane, the first few that are due, and takes the first of these.
 */
final class DueByType extends PostgreSqlJdbcCustomization {

    private static final int MAX_NODE_NAME = 50;

    private final List<String> types;

    DueByType(List<String> types) {
        super(false, false);
        this.types = List.copyOf(types);
    }

    @Override
    public List<Execution> lockAndFetchSingleStatement(
            JdbcTaskRepositoryContext context, Instant now, int limit, boolean orderByPriority) {
        String order = " order by priority desc, execution_time";
        // A union takes no locks, so each of its parts looks at a selection that does. And these rows are updated by
        // where they
        // are, since a plan that was made while the table was empty would rather read it all than look each up.
        String first = "select * from (select ctid, priority, execution_time from " + context.tableName
                + " where task_name = ? and priority = ? and picked = false and execution_time <= ?"
                + " order by execution_time limit " + limit + " for update skip locked) part";
        String due =
                types.stream().map(type -> first + " union all " + first).collect(Collectors.joining(" union all "));
        String sql = "with mine as (update " + context.tableName
                + " task set picked = true, picked_by = ?, last_heartbeat = ?, version = version + 1"
                + " where ctid = any (array(select ctid from (" + due + ") due" + order + " limit " + limit + "))"
                + " returning task.*) select * from mine" + order;
        String node = context.schedulerName.getName();
        return context.jdbcRunner.query(
                sql,
                statement -> {
                    statement.setString(1, node.substring(0, Math.min(node.length(), MAX_NODE_NAME)));
                    setInstant(statement, 2, now);
                    int index = 3;
                    for (String type : types) {
                        for (int lane : new int[] {TaskStore.PRIORITY, TaskStore.MAIN}) {
                            statement.setString(index++, type);
                            statement.setInt(index++, lane);
                            setInstant(statement, index++, now);
                        }
                    }
                },
                context.resultSetMapper.get());
    }
}
