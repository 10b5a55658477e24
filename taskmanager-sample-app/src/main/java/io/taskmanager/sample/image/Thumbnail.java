package io.taskmanager.sample.image;

/**
 * A small upright copy of a picture.
 *
 * @param maxWidth the width that was asked for; the picture may be narrower
 * @param jpeg the encoded picture
 */
@SuppressWarnings("ArrayRecordComponent") // carried from the processor to the disk, never compared
public record Thumbnail(int maxWidth, byte[] jpeg) {}
