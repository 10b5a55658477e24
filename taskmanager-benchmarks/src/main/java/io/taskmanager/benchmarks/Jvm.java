package io.taskmanager.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a main class in a JVM of its own, which prints lines {@code measured name=value}. */
final class Jvm {

    private static final Pattern MEASURED = Pattern.compile("^measured (\\w+)=(\\S+)$", Pattern.MULTILINE);

    private final Process process;

    private Jvm(Process process) {
        this.process = process;
    }

    /** The class path of this JVM. */
    static String classPath() {
        return System.getProperty("java.class.path");
    }

    static Jvm start(Class<?> main, Object... args) throws IOException {
        return start(classPath(), List.of(), main, args);
    }

    static Jvm start(String classPath, List<String> options, Class<?> main, Object... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        for (Object arg : args) {
            command.add(String.valueOf(arg));
        }
        return new Jvm(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Waits for its end, and gives what it measured. */
    Map<String, Double> measured() throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, Double> measured = parse(output);
        if (process.waitFor() != 0 || measured.isEmpty()) {
            throw new IllegalStateException("nothing was measured: " + output);
        }
        return measured;
    }

    static Map<String, Double> parse(String output) {
        Map<String, Double> measured = new HashMap<>();
        Matcher line = MEASURED.matcher(output);
        while (line.find()) {
            measured.put(line.group(1), Double.valueOf(line.group(2)));
        }
        return measured;
    }

    /** The line that tells the JVM that waits. */
    @SuppressWarnings("SystemOut") // the answer of a command
    static void tell(String name, double value) {
        System.out.println("measured " + name + "=" + value);
    }
}
