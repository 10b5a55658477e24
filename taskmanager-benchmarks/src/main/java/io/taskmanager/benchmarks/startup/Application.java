package io.taskmanager.benchmarks.startup;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * Starts a web application with the actuator and managers of the names given, tells how long that took, and ends. Knows no class
 * of the starter.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        exclude = DataSourceAutoConfiguration.class) // another benchmark has a database on the class path
public class Application {

    @SuppressWarnings("SystemOut") // the answer of a command
    public static void main(String[] args) throws ClassNotFoundException {
        List<Class<?>> sources = new ArrayList<>(List.of(Application.class));
        List<String> properties = new ArrayList<>(List.of("--server.port=0", "--spring.main.banner-mode=off"));
        if (args.length > 0) {
            sources.add(Class.forName("io.taskmanager.benchmarks.startup.Managers"));
            for (String name : args) {
                properties.add("--taskmanager.managers." + name + ".worker-count=2");
            }
        }
        SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
        try (ConfigurableApplicationContext context = application.run(properties.toArray(String[]::new))) {
            long millis = System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
            System.out.println("started " + context.getBeanDefinitionCount() + " beans");
            System.out.println("measured millis=" + millis);
            Long begun = Long.getLong("creation.begun");
            if (begun != null) {
                System.out.println("measured creation=" + (System.nanoTime() - begun) / 1_000_000);
            }
        }
    }
}
