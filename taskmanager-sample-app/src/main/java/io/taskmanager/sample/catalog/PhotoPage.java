package io.taskmanager.sample.catalog;

import java.util.List;

/**
 * Some photos of the catalogue.
 *
 * @param photos the latest first
 * @param total how many the catalogue has
 */
public record PhotoPage(List<Photo> photos, long total) {}
