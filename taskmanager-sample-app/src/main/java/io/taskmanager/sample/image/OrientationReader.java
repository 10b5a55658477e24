package io.taskmanager.sample.image;

import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the EXIF orientation of JPEG and PNG files; the other formats have none. */
final class OrientationReader {

    private static final Logger log = LoggerFactory.getLogger(OrientationReader.class);

    private OrientationReader() {}

    /** The orientation; normal where the file has none, or one that makes no sense: the picture is good all the same. */
    static Orientation read(Path file, String format) throws IOException {
        try {
            Metadata metadata = switch (format) {
                case "jpeg" -> ofJpeg(file);
                case "png" -> ofPng(file);
                default -> new Metadata();
            };
            return orientation(metadata);
        } catch (JpegProcessingException | RuntimeException e) {
            log.debug("{} has unreadable EXIF data; taken as upright", file, e);
            return Orientation.NORMAL;
        }
    }

    private static Metadata ofJpeg(Path file) throws IOException, JpegProcessingException {
        try (InputStream input = new BufferedInputStream(Files.newInputStream(file))) {
            return JpegMetadataReader.readMetadata(input, List.of(new ExifReader()));
        }
    }

    private static Metadata ofPng(Path file) throws IOException {
        Metadata metadata = new Metadata();
        PngChunks.find(file, "eXIf").ifPresent(chunk -> new ExifReader().extract(new ByteArrayReader(chunk), metadata));
        return metadata;
    }

    private static Orientation orientation(Metadata metadata) {
        ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
        Integer tag = directory == null ? null : directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
        return tag == null ? Orientation.NORMAL : Orientation.ofTag(tag);
    }
}
