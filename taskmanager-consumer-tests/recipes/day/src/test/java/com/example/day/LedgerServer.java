package com.example.day;

import com.example.postgresql.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** The PostgreSQL server. */
final class LedgerServer extends Server<PostgresServer> {

    /** Of the one thread that counts sessions. */
    private Connection counting;

    LedgerServer(Path folder, Duration bound) throws Exception {
        super(new PostgresServer(bound), folder);
        process.execute("CREATE ROLE ledger LOGIN");
        process.execute("CREATE DATABASE ledger OWNER ledger");
        changePassword();
        tellPassword();
    }

    @Override
    List<String> settings() {
        return List.of(
                "--ledger.url=jdbc:postgresql://127.0.0.1:" + proxy.port()
                        + "/ledger?connectTimeout=2&loginTimeout=3&socketTimeout=4",
                "--ledger.password-file=" + secret);
    }

    @Override
    void endSessions() throws SQLException {
        process.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'ledger'");
    }

    @Override
    void setPassword(String password) throws SQLException {
        process.execute("ALTER ROLE ledger PASSWORD '" + password + "'");
    }

    @Override
    int sessions() throws SQLException {
        if (counting == null || counting.isClosed()) {
            counting = process.connect();
        }
        try (Statement statement = counting.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'ledger'")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
