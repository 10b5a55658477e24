package io.taskmanager.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the figures come from. */
public final class Machine {

    private Machine() {}

    /** Two items of a list: the machine, and the JVM. */
    public static String describe() throws IOException {
        Runtime runtime = Runtime.getRuntime();
        return "- Machine: " + runtime.availableProcessors() + " processors"
                + model().map(name -> " (" + name + ")").orElse("")
                + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + "\n- JVM: "
                + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version")
                + ", heap of at most "
                + (runtime.maxMemory() >> 20) + " MB\n";
    }

    /** What Linux calls the processor. */
    private static Optional<String> model() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        }
    }
}
