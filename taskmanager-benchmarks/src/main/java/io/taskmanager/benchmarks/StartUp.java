package io.taskmanager.benchmarks;

import io.taskmanager.benchmarks.startup.Application;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How long an application takes to start, with the starter and without it on its class path; in turns. */
record StartUp(Sample with, Sample without) {

    private static final Pattern STARTED = Pattern.compile("started after (\\d+) ms");

    static StartUp measure(int runs) throws IOException, InterruptedException {
        String classPath = System.getProperty("java.class.path");
        String withoutStarter = Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry ->
                        !entry.contains("taskmanager-core") && !entry.contains("taskmanager-spring-boot-starter"))
                .collect(Collectors.joining(File.pathSeparator));
        double[] with = new double[runs];
        double[] without = new double[runs];
        for (int i = 0; i < runs; i++) {
            with[i] = start(classPath, "managers");
            without[i] = start(withoutStarter);
        }
        return new StartUp(new Sample(with), new Sample(without));
    }

    private static double start(String classPath, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(System.getProperty("java.home") + "/bin/java", "-cp", classPath, Application.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher started = STARTED.matcher(output);
        if (process.waitFor() != 0 || !started.find()) {
            throw new IllegalStateException("the application did not start: " + output);
        }
        return Double.parseDouble(started.group(1));
    }
}
