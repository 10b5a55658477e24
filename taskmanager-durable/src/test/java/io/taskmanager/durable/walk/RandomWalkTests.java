package io.taskmanager.durable.walk;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Seeded random walks; {@code -Dwalk.rounds} and {@code -Dwalk.seed} take longer ones and others. */
@Timeout(value = 6, unit = TimeUnit.HOURS)
class RandomWalkTests {

    private static final int ROUNDS = Integer.getInteger("walk.rounds", 3);
    private static final long SEED = Long.getLong("walk.seed", 1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void onPostgresql() throws Exception {
        try (Postgres postgres = new Postgres(folder.resolve("data"))) {
            walk(postgres.url(), postgres);
        }
    }

    @Test
    void onH2() throws Exception {
        walk(Shared.H2.create(folder), null);
    }

    private void walk(String url, @Nullable Postgres postgres) throws Exception {
        try (Cluster cluster = new Cluster(url, folder)) {
            Walk walk = new Walk(cluster, postgres, SEED);
            for (int round = 0; round < ROUNDS; round++) {
                walk.round(round);
                if (round % 20 == 19) {
                    System.out.println(round + 1 + " rounds, " + walk);
                }
            }
            walk.check();
            System.out.println(ROUNDS + " rounds at the end, " + walk);
        }
    }
}
