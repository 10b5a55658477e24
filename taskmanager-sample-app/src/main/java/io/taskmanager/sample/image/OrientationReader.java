package io.taskmanager.sample.image;

import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the EXIF orientation of JPEG, PNG and WebP files; the other formats have none. */
final class OrientationReader {

    private static final Logger log = LoggerFactory.getLogger(OrientationReader.class);

    private OrientationReader() {}

    /**
     * The orientation; normal where the file has none, or one that makes no sense: the picture is good all the same.
     *
     * @param name the file's name, for the log
     */
    static Orientation read(byte[] file, String format, String name) throws IOException {
        try {
            Metadata metadata = switch (format) {
                case "jpeg" -> ofJpeg(file);
                case "png" -> ofChunk(Chunks.exifOfPng(file));
                case "webp" -> ofChunk(Chunks.exifOfWebp(file));
                default -> new Metadata();
            };
            return orientation(metadata);
        } catch (JpegProcessingException | RuntimeException e) {
            log.debug("{} has unreadable EXIF data; taken as upright", name, e);
            return Orientation.NORMAL;
        }
    }

    private static Metadata ofJpeg(byte[] file) throws IOException, JpegProcessingException {
        return JpegMetadataReader.readMetadata(new ByteArrayInputStream(file), List.of(new ExifReader()));
    }

    private static Metadata ofChunk(Optional<byte[]> chunk) {
        Metadata metadata = new Metadata();
        chunk.ifPresent(data -> new ExifReader().extract(new ByteArrayReader(data, start(data)), metadata));
        return metadata;
    }

    /** Some writers put the JPEG's header before the data, in formats that have their own. */
    private static int start(byte[] data) {
        String header = ExifReader.JPEG_SEGMENT_PREAMBLE;
        boolean hasHeader =
                new String(data, 0, Math.min(data.length, header.length()), StandardCharsets.ISO_8859_1).equals(header);
        return hasHeader ? header.length() : 0;
    }

    private static Orientation orientation(Metadata metadata) {
        ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
        Integer tag = directory == null ? null : directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
        return tag == null ? Orientation.NORMAL : Orientation.ofTag(tag);
    }
}
