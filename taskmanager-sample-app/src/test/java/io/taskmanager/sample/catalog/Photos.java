package io.taskmanager.sample.catalog;

import java.time.Instant;

/** Makes rows for tests. */
public final class Photos {

    private Photos() {}

    /** A photo whose id, name and age follow from its number; the higher, the later. */
    public static Photo numbered(int number) {
        return new Photo(
                String.format("%064x", number),
                "photo-" + number + ".jpg",
                "jpeg",
                4000,
                3000,
                6,
                123_456_789_012L,
                "file:///photos/photo-" + number + ".jpg",
                Instant.parse("2025-01-01T00:00:00Z").plusSeconds(number));
    }
}
