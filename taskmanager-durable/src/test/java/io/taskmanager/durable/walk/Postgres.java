package io.taskmanager.durable.walk;

import io.taskmanager.durable.testkit.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A server of the test's own, that it can stop and start again. */
final class Postgres implements AutoCloseable {

    private final Path folder;
    private EmbeddedPostgres server;

    Postgres(Path folder) {
        this.folder = folder;
        this.server = start(0);
        Database.execute(url(), Database.script("schema-postgresql.sql"));
    }

    String url() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres?user=postgres";
    }

    /** "Fast": connections are ended, transactions rolled back. */
    void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With the same data and the same port. */
    void start() {
        server = start(server.getPort());
    }

    private EmbeddedPostgres start(int port) {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(folder)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setServerConfig("max_connections", "200")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
