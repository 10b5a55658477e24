package io.taskmanager.benchmarks;

import io.micrometer.context.ContextRegistry;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.benchmarks.SpringRun.Form;
import io.taskmanager.benchmarks.SpringRun.Session;
import io.taskmanager.benchmarks.SpringRun.Side;
import java.util.Locale;
import org.slf4j.MDC;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What {@code propagate-context} costs, in one Spring Boot application: with a log context of one entry, and a thread-local that
 * is registered as Spring Security's is, to be carried; with neither; and where they are there and stay behind.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        exclude = DataSourceAutoConfiguration.class) // another benchmark has a database on the class path
public class ContextRun {

    private static final int WARM_UPS = 4;
    private static final int ROUNDS = 8;
    private static final int TASKS = 100_000;

    private static final ThreadLocal<String> USER = new ThreadLocal<>();

    @Bean
    ResourceFactory<Session> sessions() {
        return ResourceFactory.of(Session::new, session -> {});
    }

    public static void main(String[] args) throws Exception {
        ContextRegistry.getInstance().registerThreadLocalAccessor("user", USER);
        SpringApplication application = new SpringApplication(ContextRun.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = application.run(
                "--spring.main.banner-mode=off",
                "--taskmanager.defaults.worker-count=2",
                "--taskmanager.defaults.max-worker-count=2",
                "--taskmanager.defaults.resource-pool-size=2",
                "--taskmanager.defaults.queue-capacity=" + TASKS,
                "--taskmanager.managers.on.propagate-context=true",
                "--taskmanager.managers.off.propagate-context=false")) {
            Side on = side(context, "on");
            Side off = side(context, "off");
            for (Form form : Form.values()) {
                measure(form, on, off);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Side side(ConfigurableApplicationContext context, String name) {
        return new SpringRun.Ours(context.getBean(name, TaskManager.class));
    }

    private static void measure(Form form, Side on, Side off) throws Exception {
        double[][] nanos = new double[Case.values().length][ROUNDS];
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            for (Case each : Case.values()) {
                each.set();
                double taken = 1e3 / SpringRun.rate(form, each == Case.OFF ? off : on, TASKS);
                if (round >= 0) {
                    nanos[each.ordinal()][round] = taken;
                }
            }
        }
        for (Case each : Case.values()) {
            Jvm.tell(each.key() + "_" + form.key(), new Sample(nanos[each.ordinal()]).median());
        }
    }

    /** What there is to carry. */
    enum Case {
        CARRIED("carried: one entry of the log context, one thread-local"),
        NOTHING("nothing to carry"),
        OFF("`propagate-context: false`, and the same as in the first row left behind");

        private final String title;

        Case(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        /** What it is called by in what is measured. */
        String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        private void set() {
            if (this == NOTHING) {
                MDC.clear();
                USER.remove();
            } else {
                MDC.put("request", "4711");
                USER.set("alice");
            }
        }
    }
}
