package io.taskmanager.sample.web;

import io.taskmanager.sample.catalog.Photo;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A photo as the HTTP interface shows it. Where its file lies is nobody's business.
 *
 * @param id the photo
 * @param name the name it came with
 * @param format jpeg, png, gif, bmp or webp
 * @param width upright width in pixels
 * @param height upright height in pixels
 * @param orientation the EXIF orientation of the file, 1 to 8
 * @param bytes length of the file
 * @param added when it was added
 * @param links where to find it
 * @param thumbnails a link for each width that is kept
 */
public record PhotoView(
        String id,
        String name,
        String format,
        int width,
        int height,
        int orientation,
        long bytes,
        Instant added,
        Links links,
        Map<Integer, String> thumbnails) {

    static PhotoView of(Photo photo, List<Integer> widths) {
        String self = location(photo).toString();
        Map<Integer, String> thumbnails = new LinkedHashMap<>();
        widths.forEach(width -> thumbnails.put(width, self + "/thumbnail?width=" + width));
        return new PhotoView(
                photo.id(),
                photo.name(),
                photo.format(),
                photo.width(),
                photo.height(),
                photo.orientation(),
                photo.bytes(),
                photo.added(),
                new Links(self, self + "/preview"),
                thumbnails);
    }

    /**
     * Where to find a photo.
     *
     * @param self the photo
     * @param preview a larger picture
     */
    record Links(String self, String preview) {}

    static URI location(Photo photo) {
        return URI.create("/photos/" + photo.id());
    }
}
