package io.taskmanager.benchmarks;

import io.taskmanager.benchmarks.startup.Application;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How long an application takes to start, with the starter and without it on its class path; in turns. */
record StartUp(Sample with, Sample without) {

    static StartUp measure(int runs) throws IOException, InterruptedException {
        String withoutStarter = Arrays.stream(Jvm.classPath().split(File.pathSeparator))
                .filter(entry ->
                        !entry.contains("taskmanager-core") && !entry.contains("taskmanager-spring-boot-starter"))
                .collect(Collectors.joining(File.pathSeparator));
        double[] with = new double[runs];
        double[] without = new double[runs];
        for (int i = 0; i < runs; i++) {
            with[i] = start(Jvm.classPath(), "managers");
            without[i] = start(withoutStarter);
        }
        return new StartUp(new Sample(with), new Sample(without));
    }

    private static double start(String classPath, Object... args) throws IOException, InterruptedException {
        return Jvm.start(classPath, List.of(), Application.class, args)
                .measured()
                .get("millis");
    }
}
