package io.taskmanager.sample;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The application as a process of its own. */
final class SampleCommand {

    private SampleCommand() {}

    static ProcessBuilder with(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1", // lives too briefly for more
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SampleApplication.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }
}
