package com.example.day;

import com.example.postgresql.PostgresServer;
import com.example.tools.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** The PostgreSQL server. */
final class LedgerServer implements Server {

    private final Path secret;
    private final PostgresServer server;
    private final TcpProxy proxy;
    private int passwords;
    /** Of the one thread that counts sessions. */
    private Connection counting;

    LedgerServer(Path folder, Duration bound) throws Exception {
        secret = Files.createDirectories(folder).resolve("secret");
        server = new PostgresServer(bound);
        server.start();
        server.execute("CREATE ROLE ledger LOGIN");
        server.execute("CREATE DATABASE ledger OWNER ledger");
        changePassword();
        tellPassword();
        proxy = new TcpProxy(server.port());
    }

    @Override
    public List<String> settings() {
        return List.of(
                "--ledger.url=jdbc:postgresql://127.0.0.1:" + proxy.port()
                        + "/ledger?connectTimeout=2&loginTimeout=3&socketTimeout=4",
                "--ledger.password-file=" + secret);
    }

    @Override
    public void kill() throws IOException, InterruptedException {
        server.kill();
    }

    @Override
    public void start() throws IOException {
        server.start();
    }

    @Override
    public void freeze() throws IOException, InterruptedException {
        server.freeze();
    }

    @Override
    public void thaw() throws IOException, InterruptedException {
        server.thaw();
    }

    @Override
    public void cutOff() {
        proxy.becomeBlackHole();
    }

    @Override
    public void heal() {
        proxy.heal();
    }

    @Override
    public void endSessions() throws SQLException {
        server.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'ledger'");
    }

    @Override
    public void changePassword() throws SQLException {
        passwords++;
        server.execute("ALTER ROLE ledger PASSWORD 'secret" + passwords + "'");
    }

    @Override
    public void tellPassword() throws IOException {
        Files.writeString(secret, "secret" + passwords);
    }

    @Override
    public int sessions() throws SQLException {
        if (counting == null || counting.isClosed()) {
            counting = server.connect();
        }
        try (Statement statement = counting.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'ledger'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        server.close();
        proxy.close();
    }
}
