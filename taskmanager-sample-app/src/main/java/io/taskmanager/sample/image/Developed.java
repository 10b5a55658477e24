package io.taskmanager.sample.image;

import java.util.List;

/**
 * All that the catalogue keeps of a picture.
 *
 * @param id the SHA-256 of the file: the same bytes are the same photo, whatever their name
 * @param format jpeg, png, gif, bmp or webp
 * @param size the upright size
 * @param orientation how the file stores it
 * @param thumbnails one for each width asked for
 */
public record Developed(String id, String format, Size size, Orientation orientation, List<Thumbnail> thumbnails) {}
