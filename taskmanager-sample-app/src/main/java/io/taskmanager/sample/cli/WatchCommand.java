package io.taskmanager.sample.cli;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * {@code --watch[=URL]}: watches a service that runs, from outside of it and without starting anything: its managers, once a
 * second. {@code --once} takes one sample and ends, {@code --json} writes samples as JSON, one a line.
 */
public final class WatchCommand {

    /** The command's option. */
    public static final String OPTION = "watch";

    static final String DEFAULT_URL = "http://localhost:8080/actuator/taskmanager";
    private static final int BAD_USAGE = 2;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean table;
    private final Pause pause;

    WatchCommand(PrintStream out, PrintStream err, boolean table, Pause pause) {
        this.out = out;
        this.err = err;
        this.table = table;
        this.pause = pause;
    }

    /** The command on this process's own terminal, if it is one. */
    public static WatchCommand here() {
        return new WatchCommand(
                System.out,
                System.err,
                drawsOver(Terminal.isThere(), System.getenv()),
                () -> Thread.sleep(Duration.ofSeconds(1).toMillis()));
    }

    /** Whoever sets NO_COLOR to anything wants text and no codes. */
    static boolean drawsOver(boolean terminal, Map<String, String> environment) {
        return terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Whether the arguments ask for this command. */
    public static boolean isMeant(SimpleCommandLinePropertySource options) {
        return options.containsProperty(OPTION) || options.containsProperty("once");
    }

    /** Runs until the process is ended, or the one sample is taken, or there is none to take; returns the exit code. */
    public int run(SimpleCommandLinePropertySource options) {
        if (options.containsProperty(ImportCommand.OPTION)) {
            err.println(
                    "--watch and --import are two commands; start the import in the service to watch it: POST /imports");
            return BAD_USAGE;
        }
        String url = options.getProperty(OPTION);
        try {
            WatchedService service =
                    WatchedService.at(url == null || url.isEmpty() ? DEFAULT_URL : url, Clock.systemUTC());
            return watch(service, options.containsProperty("once"), options.containsProperty("json"));
        } catch (IllegalArgumentException e) {
            err.println("--watch is \"" + url + "\": " + e.getMessage() + "; write --watch=" + DEFAULT_URL);
            return BAD_USAGE;
        } catch (WatchException e) {
            err.println(e.getMessage());
            return e.exitCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** A service that was there once may come back, so only the first sample's failure ends the command. */
    private int watch(WatchedService service, boolean once, boolean json) throws WatchException, InterruptedException {
        WatchScreen screen = new WatchScreen(out, table && !once, ZoneId.systemDefault());
        Sample last = null;
        while (true) {
            last = sample(service, screen, last, json);
            if (once) {
                return 0;
            }
            pause.untilNext();
        }
    }

    private Sample sample(WatchedService service, WatchScreen screen, @Nullable Sample last, boolean json)
            throws WatchException, InterruptedException {
        try {
            Sample sample = service.sample();
            if (json) {
                out.println(sample.json());
            } else {
                screen.show(sample, service.url());
            }
            return sample;
        } catch (WatchException e) {
            if (last == null) {
                throw e;
            }
            if (json) {
                err.println(e.getMessage());
            } else {
                screen.stale(last, String.valueOf(e.getMessage()));
            }
            return last;
        }
    }

    /** Passes the time from one sample to the next. */
    @FunctionalInterface
    interface Pause {
        void untilNext() throws InterruptedException;
    }
}
