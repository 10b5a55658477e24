-- The tables of durable tasks, for PostgreSQL. Another prefix than taskmanager_ must be replaced throughout, and set as
-- taskmanager.durable.table-prefix.

-- Tasks that wait or run.
create table if not exists taskmanager_queue (
  task_instance varchar(36) not null,
  task_name varchar(100) not null,
  task_data bytea not null,
  execution_time timestamp with time zone not null,
  picked boolean not null,
  picked_by varchar(50),
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures int,
  last_heartbeat timestamp with time zone,
  version bigint not null,
  priority smallint not null,
  started boolean not null,
  primary key (task_instance, task_name)
) with (
  -- Rows come and go, and each look for due tasks passes the entries of those that have gone since the last vacuum. And plans that
  -- were made while the table was empty would read it from end to end when it is not, so it keeps the pages that it had.
  vacuum_truncate = off,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_scale_factor = 0.01
);
create index if not exists taskmanager_queue_due on taskmanager_queue (task_name, priority, execution_time) where picked = false;
create index if not exists taskmanager_queue_picked on taskmanager_queue (last_heartbeat) where picked = true;

-- Tasks that have ended.
create table if not exists taskmanager_history (
  task_instance varchar(36) not null,
  task_name varchar(100) not null,
  state varchar(12) not null,
  task_key varchar(200),
  priority smallint not null,
  at_most_once boolean not null,
  deliveries int not null,
  execution_time timestamp with time zone not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone not null,
  node varchar(50),
  error varchar(200),
  error_message varchar(1000),
  task_data bytea,
  result bytea,
  primary key (task_instance)
);
create index if not exists taskmanager_history_age on taskmanager_history (state, finished_at);
create index if not exists taskmanager_history_state on taskmanager_history (state, task_instance);
create index if not exists taskmanager_history_type on taskmanager_history (task_name, state, task_instance);

-- Which task has an idempotency key.
create table if not exists taskmanager_keys (
  task_name varchar(100) not null,
  task_key varchar(200) not null,
  task_instance varchar(36) not null,
  primary key (task_name, task_key)
);

-- When recurring tasks are due.
create table if not exists taskmanager_recurring (
  task_name varchar(100) not null,
  task_instance varchar(36) not null,
  task_data bytea,
  execution_time timestamp with time zone not null,
  picked boolean not null,
  picked_by varchar(50),
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures int,
  last_heartbeat timestamp with time zone,
  version bigint not null,
  primary key (task_name, task_instance)
);
