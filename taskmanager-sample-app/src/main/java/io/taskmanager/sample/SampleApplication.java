package io.taskmanager.sample;

import io.taskmanager.sample.cli.Help;
import io.taskmanager.sample.cli.ImportCommand;
import io.taskmanager.sample.cli.WatchCommand;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * A photo catalogue: without arguments a service, with {@code --import=FOLDER} a command that imports a folder, with
 * {@code --watch} one that watches a service that runs.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SampleApplication {

    /** Starts the service, or runs a command and ends with its exit code. */
    public static void main(String[] args) {
        SimpleCommandLinePropertySource options = new SimpleCommandLinePropertySource(args);
        if (options.containsProperty("help")) {
            System.out.println(Help.TEXT);
            return;
        }
        if (WatchCommand.isMeant(options)) {
            System.exit(WatchCommand.here().run(options));
        }
        if (options.containsProperty(ImportCommand.OPTION)) {
            System.exit(command(args));
        }
        SpringApplication.run(SampleApplication.class, args);
    }

    /** Runs the import, with the settings of {@code application-import.yml}; returns its exit code. */
    static int command(String... args) {
        SpringApplication application = new SpringApplication(SampleApplication.class);
        application.setAdditionalProfiles(ImportCommand.OPTION);
        ConfigurableApplicationContext context = application.run(args);
        return SpringApplication.exit(context);
    }
}
