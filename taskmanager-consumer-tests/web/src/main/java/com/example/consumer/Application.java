package com.example.consumer;

import static org.springframework.security.config.Customizer.withDefaults;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Application {

    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch mayAnswer = new CountDownLatch(1);

    private final TaskManager<Connection, Object> pages;

    Application(TaskManager<Connection, Object> pages) {
        this.pages = pages;
    }

    @GetMapping("/page")
    String page() throws InterruptedException {
        return pages.queueTask((context, connection) -> query(connection, "page"));
    }

    /** Who is signed in, as a worker's thread sees it. */
    @GetMapping("/user")
    String user() {
        return pages.queueTaskAsync((context, connection) ->
                        SecurityContextHolder.getContext().getAuthentication().getName())
                .join();
    }

    /** A request that is in flight while the application stops, and then still needs its manager. */
    @GetMapping("/late")
    String late() throws InterruptedException {
        asked.countDown();
        if (!mayAnswer.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the test did not let it go on");
        }
        return pages.queueTask((context, connection) -> query(connection, "late page"));
    }

    private static String query(Connection connection, String text) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select '" + text + "'")) {
            rows.next();
            return rows.getString(1);
        }
    }

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    /** Apart, since the application itself asks for the manager. */
    @Configuration(proxyBeanMethods = false)
    static class Pages {
        @Bean
        ResourceFactory<Connection> pageFactory(DataSource dataSource) {
            return ResourceFactory.of(dataSource::getConnection, Connection::close);
        }

        @Bean
        SecurityFilterChain everyoneSignsIn(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(withDefaults())
                    .csrf(AbstractHttpConfigurer::disable)
                    .build();
        }
    }
}
