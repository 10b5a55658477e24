package io.taskmanager.durable.engine;

import java.util.Locale;

/** What databases do each in their own way. */
enum Dialect {
    H2("schema-h2.sql"),
    POSTGRESQL("schema-postgresql.sql"),
    MYSQL("schema-mysql.sql"),
    MARIADB("schema-mariadb.sql");

    private final String schemaFile;

    Dialect(String schemaFile) {
        this.schemaFile = schemaFile;
    }

    /**
     * @param product {@code DatabaseMetaData.getDatabaseProductName()}
     * @throws SetupException if it is none of these
     */
    static Dialect of(String product) {
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "h2" -> H2;
            case "postgresql" -> POSTGRESQL;
            case "mysql" -> MYSQL;
            case "mariadb" -> MARIADB;
            default ->
                throw new SetupException(
                        "Durable tasks work on H2, PostgreSQL, MySQL and MariaDB, but the database is " + product + ".",
                        "Name one of these in spring.datasource.url, or set taskmanager.durable.enabled=false.");
        };
    }

    /** Below this package's folder in the jar. */
    String schemaFile() {
        return schemaFile;
    }

    /** Inserts a key's row unless there is one: then 0 rows, or a duplicate key, after which the transaction can go on. */
    String insertKey(String table) {
        String insert = "into " + table + " (task_name, task_key, task_instance) values (?, ?, ?)";
        return switch (this) {
            case H2 -> "insert " + insert;
            case POSTGRESQL -> "insert " + insert + " on conflict do nothing";
            case MYSQL, MARIADB -> "insert ignore " + insert;
        };
    }

    /** Whether a transaction goes on seeing what was committed when it first read, unless told otherwise. */
    boolean readsSnapshots() {
        return this == MYSQL || this == MARIADB;
    }

    /** Ends a query that is to see what is committed now. */
    String asOfNow() {
        return readsSnapshots() ? " lock in share mode" : "";
    }

    /** Whether a batch tells how many rows each of its statements has changed. */
    boolean countsInBatches() {
        return this == H2 || this == POSTGRESQL;
    }
}
