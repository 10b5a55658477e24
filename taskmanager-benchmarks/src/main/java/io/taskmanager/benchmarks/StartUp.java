package io.taskmanager.benchmarks;

import io.taskmanager.benchmarks.startup.Application;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How long an application takes to start, with the starter and without it on its class path; and from the begin of the first
 * creation of a resource, which takes {@link #CREATION_MILLIS}, to the end of the start, with three managers and with one. Each
 * pair in turns.
 */
record StartUp(Sample with, Sample without, Sample threeSlow, Sample oneSlow) {

    private static final int CREATION_MILLIS = 2000;
    /** Another benchmark's; what is measured is the starter alone. */
    private static final String DURABLE = "taskmanager-durable";

    private static final Object[] MANAGERS = {"images", "pages", "mails"};

    static StartUp measure(int runs) throws IOException, InterruptedException {
        String withoutStarter = classPathWithout("taskmanager-core", "taskmanager-spring-boot-starter", DURABLE);
        double[] with = new double[runs];
        double[] without = new double[runs];
        double[] three = new double[runs];
        double[] one = new double[runs];
        for (int i = 0; i < runs; i++) {
            with[i] = start(classPathWithout(DURABLE), List.of(), MANAGERS).get("millis");
            without[i] = start(withoutStarter, List.of()).get("millis");
            three[i] = slowly(MANAGERS);
            one[i] = slowly(MANAGERS[0]);
        }
        return new StartUp(new Sample(with), new Sample(without), new Sample(three), new Sample(one));
    }

    private static String classPathWithout(String... modules) {
        return Arrays.stream(Jvm.classPath().split(File.pathSeparator))
                .filter(entry -> Arrays.stream(modules).noneMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static double slowly(Object... managers) throws IOException, InterruptedException {
        return start(classPathWithout(DURABLE), List.of("-Dcreation.millis=" + CREATION_MILLIS), managers)
                .get("creation");
    }

    private static Map<String, Double> start(String classPath, List<String> options, Object... managers)
            throws IOException, InterruptedException {
        return Jvm.start(classPath, options, Application.class, managers).measured();
    }
}
