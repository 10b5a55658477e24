package io.taskmanager.sample.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes what Java can't make, with the machine's own programs. */
public final class SpecialFiles {

    private SpecialFiles() {}

    /** A named pipe, at whose other end is nobody. */
    public static Path pipe(Path path) throws IOException, InterruptedException {
        assertThat(run("mkfifo", path.toString())).isZero();
        return path;
    }

    /** A folder in which folders lie so deep that nobody, not even root, can open the last by its path. */
    public static void bottomless(Path folder) throws IOException, InterruptedException {
        String level = "d".repeat(200);
        String dig = "mkdir -p \"$0\" && cd -P \"$0\" && for i in $(seq 25); do mkdir " + level + " && cd -P " + level
                + "; done";
        assertThat(run("bash", "-c", dig, folder.toString())).isZero();
    }

    /** Deletes what Java could not open. */
    public static void deleteAll(Path folder) throws IOException, InterruptedException {
        assertThat(run("rm", "-r", folder.toString())).isZero();
    }

    static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }
}
