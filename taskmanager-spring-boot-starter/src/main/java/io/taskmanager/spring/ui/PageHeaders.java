package io.taskmanager.spring.ui;

import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.web.PathMapper;

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

    private final String page;

    PageHeaders(String basePath, List<PathMapper> mappers) {
        this.page = basePath + "/" + PageLinks.path(mappers);
    }

    /** Whether a request is for the endpoint, whatever comes before its path: a context, a servlet, a management server's path. */
    boolean areFor(String path) {
        return path.endsWith(page) || path.contains(page + "/");
    }
}
