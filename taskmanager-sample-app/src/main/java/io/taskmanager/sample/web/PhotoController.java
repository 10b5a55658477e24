package io.taskmanager.sample.web;

import io.taskmanager.sample.catalog.PhotoPage;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.photo.PhotoNames;
import io.taskmanager.sample.photo.PhotoService;
import io.taskmanager.sample.photo.PhotoService.Added;
import io.taskmanager.sample.settings.PhotoProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/** Photos over HTTP. */
@RestController
@RequestMapping("/photos")
final class PhotoController {

    private static final int LARGEST_PAGE = 100;

    private final PhotoService photos;
    private final List<Integer> widths;

    PhotoController(PhotoService photos, PhotoProperties properties) {
        this.photos = photos;
        this.widths = properties.thumbnailWidths();
    }

    /**
     * Adds the picture that is the body of the request, whatever type the client gives it. To ask the request for its
     * parameters would parse a body that is called a form, so the name is taken from the URL.
     */
    @PostMapping
    ResponseEntity<PhotoView> add(HttpServletRequest request) throws IOException, InterruptedException {
        return add(request.getInputStream(), name(request.getQueryString()));
    }

    private static @Nullable String name(@Nullable String query) {
        String name = UriComponentsBuilder.newInstance()
                .query(query == null ? "" : query)
                .build()
                .getQueryParams()
                .getFirst("name");
        try {
            return name == null ? null : UriUtils.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, "\"name\" is \"" + name + "\"; write a % that is meant as such as %25", e);
        }
    }

    /** Adds the picture that a form's field "file" holds. */
    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<PhotoView> add(@RequestParam MultipartFile file) throws IOException, InterruptedException {
        try (InputStream upload = file.getInputStream()) {
            return add(upload, file.getOriginalFilename());
        }
    }

    /** 201 for a new photo, 200 for one that is there already; both say where. */
    private ResponseEntity<PhotoView> add(InputStream upload, @Nullable String name)
            throws IOException, InterruptedException {
        Added added = photos.add(upload, PhotoNames.clean(name));
        return ResponseEntity.status(added.isNew() ? 201 : 200)
                .location(PhotoView.location(added.photo()))
                .body(PhotoView.of(added.photo(), widths));
    }

    @GetMapping
    PageView list(@RequestParam(defaultValue = "0") int page, @RequestParam(defaultValue = "20") int size)
            throws InterruptedException {
        Checks.inRange("page", page, 0, Integer.MAX_VALUE);
        Checks.inRange("size", size, 1, LARGEST_PAGE);
        PhotoPage found = photos.page(page, size);
        List<PhotoView> views = found.photos().stream()
                .map(photo -> PhotoView.of(photo, widths))
                .toList();
        return new PageView(page, size, found.total(), views);
    }

    @GetMapping("/{id}")
    PhotoView show(@PathVariable String id) throws InterruptedException {
        return PhotoView.of(photos.find(id), widths);
    }

    @GetMapping("/{id}/thumbnail")
    ResponseEntity<byte[]> thumbnail(@PathVariable String id, @RequestParam(defaultValue = "320") int width)
            throws IOException, InterruptedException {
        return jpeg(photos.thumbnail(id, checkedWidth(width)));
    }

    @GetMapping("/{id}/preview")
    ResponseEntity<byte[]> preview(@PathVariable String id, @RequestParam(defaultValue = "1280") int width)
            throws InterruptedException {
        return jpeg(photos.preview(id, checkedWidth(width)));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String id) throws InterruptedException {
        photos.delete(id);
    }

    private static int checkedWidth(int width) {
        return Checks.inRange("width", width, 1, ImageProcessor.MAX_WIDTH);
    }

    /** The id stands for the bytes, so what is made of them never changes. */
    private static ResponseEntity<byte[]> jpeg(byte[] picture) {
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_JPEG)
                .cacheControl(CacheControl.maxAge(Duration.ofDays(365)).immutable())
                .body(picture);
    }

    /**
     * A page of the catalogue.
     *
     * @param page its number, from 0
     * @param size how many photos a page has
     * @param total how many the catalogue has
     * @param photos the page's, the latest first
     */
    record PageView(int page, int size, long total, List<PhotoView> photos) {}
}
