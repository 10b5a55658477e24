package com.example.postgresql;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.RetryPolicy;
import io.taskmanager.UnrecoverableResourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
@ConfigurationPropertiesScan
public class Application {

    @ConfigurationProperties("ledger")
    record Database(String url, String user, Path passwordFile, String limits) {}

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @Bean
    ResourceFactory<Connection> ledgerResourceFactory(Database database) {
        return ResourceFactory.<Connection>builder(() -> connect(database))
                .destroy(Connection::close)
                .validate(session -> session.isValid(3))
                .reset(Connection::rollback)
                .build();
    }

    private static Connection connect(Database database) throws Exception {
        String password = Files.readString(database.passwordFile()).strip();
        Connection session;
        try {
            session = DriverManager.getConnection(database.url(), database.user(), password);
        } catch (SQLException e) {
            throw hasState(e, "28", "3D") ? new UnrecoverableResourceException(e.getMessage(), e) : e;
        }
        try (Statement statement = session.createStatement()) {
            statement.execute(database.limits());
            statement.execute("CREATE TEMP TABLE line (text text) ON COMMIT DELETE ROWS");
            session.setAutoCommit(false);
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    @Bean
    HealthCheck ledgerHealthCheck() {
        return error -> !hasState(error, "08", "57P", "25P03");
    }

    @Bean
    RetryPolicy ledgerRetryPolicy(HealthCheck ledgerHealthCheck) {
        return (error, attempt) -> !ledgerHealthCheck.isHealthy(error) || hasState(error, "40");
    }

    private static boolean hasState(Throwable error, String... prefixes) {
        return error instanceof SQLException sql
                && sql.getSQLState() != null
                && Stream.of(prefixes).anyMatch(sql.getSQLState()::startsWith);
    }
}
