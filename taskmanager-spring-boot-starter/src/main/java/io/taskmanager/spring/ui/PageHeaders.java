package io.taskmanager.spring.ui;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.http.server.PathContainer;

/** The headers of all that the endpoint answers, which an operation of an endpoint can't set itself. */
final class PageHeaders {

    static final Map<String, String> VALUES = Map.of(
            "Content-Security-Policy",
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-store");

    private final List<String> page;

    PageHeaders(String basePath, List<PathMapper> mappers) {
        this.page = segments(PathContainer.parsePath(basePath + "/" + PageLinks.path(mappers)));
    }

    /** As {@link #areFor(PathContainer)}; no handler is found for a path that can't be decoded. */
    boolean areFor(String path) {
        try {
            return areFor(PathContainer.parsePath(path));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether a request is for the endpoint, whatever comes before its path: a context, a servlet, a management server's path. */
    boolean areFor(PathContainer path) {
        return Collections.indexOfSubList(segments(path), page) >= 0;
    }

    /** As handlers are matched with them: decoded, and without parameters such as {@code ;jsessionid}. */
    private static List<String> segments(PathContainer path) {
        return path.elements().stream()
                .filter(PathContainer.PathSegment.class::isInstance)
                .map(segment -> ((PathContainer.PathSegment) segment).valueToMatch())
                .toList();
    }
}
