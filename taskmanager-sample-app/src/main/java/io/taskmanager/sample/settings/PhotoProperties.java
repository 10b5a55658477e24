package io.taskmanager.sample.settings;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of the catalogue; those of the two task managers are under {@code taskmanager.managers}.
 *
 * @param data folder for the catalogue, uploads, thumbnails and the import journal
 * @param importRoot folder that imports over HTTP are confined to
 * @param maxFileSize largest file taken
 * @param maxPixels largest width times height taken: a small file can claim to be a huge picture
 * @param thumbnailWidths widths of the thumbnails made of each photo
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
        @DefaultValue("32") int importWindow,
        @DefaultValue("true") boolean importSamples,
        @DefaultValue("") String jdbcUrl,
        @DefaultValue("") String jdbcUsername,
        @DefaultValue("") String jdbcPassword) {

    public PhotoProperties {
        check(maxPixels >= 1, "max-pixels", maxPixels, "must be at least 1");
        check(importWindow >= 1, "import-window", importWindow, "must be at least 1");
        check(!thumbnailWidths.isEmpty(), "thumbnail-widths", thumbnailWidths, "must name a width");
        thumbnailWidths = thumbnailWidths.stream().sorted().distinct().toList();
        jdbcUrl = jdbcUrl.isEmpty() ? embedded(data) : jdbcUrl;
    }

    /** H2 must not close the file at the first signal: tasks that the managers have accepted are still to come. */
    private static String embedded(Path data) {
        return "jdbc:h2:file:" + data.toAbsolutePath().resolve("catalog") + ";DB_CLOSE_ON_EXIT=FALSE";
    }

    private static void check(boolean holds, String setting, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("photos." + setting + " " + rule + ", but was " + value);
        }
    }
}
