package io.taskmanager.sample.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of the catalogue; those of the two task managers are under {@code taskmanager.managers}.
 *
 * @param data folder for the catalogue, uploads, thumbnails and the import journal
 * @param importRoot folder that imports over HTTP are confined to
 * @param maxFileSize largest file taken; each worker holds the one that it reads in memory
 * @param maxPixels largest width times height taken: a small file can claim to be a huge picture
 * @param thumbnailWidths widths of the thumbnails made of each photo
 * @param queueTimeout how long a request waits for its turn before it is answered 503
 * @param importWindow photos of an import that are under way at a time; no more than fit into a manager's queue
 * @param importSamples whether a service with an empty catalogue imports the bundled pictures
 * @param jdbcUrl database of the catalogue, H2 or PostgreSQL; if not set, an H2 file in the data folder
 * @param jdbcUsername user of the database
 * @param jdbcPassword password of that user
 */
@ConfigurationProperties("photos")
public record PhotoProperties(
        @DefaultValue("data") Path data,
        @DefaultValue("photos") Path importRoot,
        @DefaultValue("32MB") DataSize maxFileSize,
        @DefaultValue("100000000") long maxPixels,
        @DefaultValue({"160", "320", "640"}) List<Integer> thumbnailWidths,
        @DefaultValue("10s") Duration queueTimeout,
        @DefaultValue("32") int importWindow,
        @DefaultValue("true") boolean importSamples,
        @DefaultValue("") String jdbcUrl,
        @DefaultValue("") String jdbcUsername,
        @DefaultValue("") String jdbcPassword) {

    public PhotoProperties {
        check(isFrom1ByteTo1GB(maxFileSize), "max-file-size", maxFileSize, "must be from 1B to 1GB");
        check(maxPixels >= 1, "max-pixels", maxPixels, "must be at least 1");
        check(queueTimeout.toMillis() >= 1, "queue-timeout", queueTimeout, "must be at least 1ms");
        check(importWindow >= 1, "import-window", importWindow, "must be at least 1");
        check(!thumbnailWidths.isEmpty(), "thumbnail-widths", thumbnailWidths, "must name a width");
        thumbnailWidths = thumbnailWidths.stream().sorted().distinct().toList();
        jdbcUrl = jdbcUrl.isEmpty() ? embedded(data) : jdbcUrl;
    }

    /**
     * H2 must not close the file at the first signal: tasks that the managers have accepted are still to come. Nor may
     * it delay what it writes: what was answered with 201 outlives a kill.
     */
    private static String embedded(Path data) {
        return "jdbc:h2:file:" + data.toAbsolutePath().resolve("catalog") + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";
    }

    /** Each picture is read whole. */
    private static boolean isFrom1ByteTo1GB(DataSize size) {
        return size.toBytes() >= 1 && size.compareTo(DataSize.ofGigabytes(1)) <= 0;
    }

    private static void check(boolean holds, String setting, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("photos." + setting + " " + rule + ", but was " + value);
        }
    }
}
