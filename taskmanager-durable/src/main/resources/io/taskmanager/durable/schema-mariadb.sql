-- The tables of durable tasks, for MariaDB 10.8 and later. Another prefix than taskmanager_ must be replaced throughout, and set as
-- taskmanager.durable.table-prefix.

-- Tasks that wait or run.
create table if not exists taskmanager_queue (
  task_instance varchar(36) character set ascii collate ascii_bin not null,
  task_name varchar(100) collate utf8mb4_bin not null,
  task_data mediumblob not null,
  execution_time timestamp(6) not null,
  picked boolean not null,
  picked_by varchar(50),
  last_success timestamp(6) null,
  last_failure timestamp(6) null,
  consecutive_failures int,
  last_heartbeat timestamp(6) null,
  version bigint not null,
  priority smallint not null,
  started boolean not null,
  primary key (task_instance, task_name),
  index taskmanager_queue_due (picked, priority desc, execution_time),
  index taskmanager_queue_picked (picked, last_heartbeat)
);

-- Tasks that have ended.
create table if not exists taskmanager_history (
  task_instance varchar(36) character set ascii collate ascii_bin not null,
  task_name varchar(100) collate utf8mb4_bin not null,
  state varchar(12) not null,
  task_key varchar(200) collate utf8mb4_bin,
  priority smallint not null,
  at_most_once boolean not null,
  deliveries int not null,
  execution_time timestamp(6) not null,
  started_at timestamp(6) null,
  finished_at timestamp(6) not null,
  node varchar(50),
  error varchar(200),
  error_message varchar(1000),
  task_data mediumblob,
  result mediumblob,
  primary key (task_instance),
  index taskmanager_history_age (state, finished_at),
  index taskmanager_history_state (state, task_instance),
  index taskmanager_history_type (task_name, state, task_instance)
);

-- Which task has an idempotency key.
create table if not exists taskmanager_keys (
  task_name varchar(100) collate utf8mb4_bin not null,
  task_key varchar(200) collate utf8mb4_bin not null,
  task_instance varchar(36) character set ascii collate ascii_bin not null,
  primary key (task_name, task_key)
);

-- When recurring tasks are due.
create table if not exists taskmanager_recurring (
  task_name varchar(100) collate utf8mb4_bin not null,
  task_instance varchar(36) not null,
  task_data mediumblob,
  execution_time timestamp(6) not null,
  picked boolean not null,
  picked_by varchar(50),
  last_success timestamp(6) null,
  last_failure timestamp(6) null,
  consecutive_failures int,
  last_heartbeat timestamp(6) null,
  version bigint not null,
  primary key (task_name, task_instance)
);
