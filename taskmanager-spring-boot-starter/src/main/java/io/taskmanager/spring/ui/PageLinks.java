package io.taskmanager.spring.ui;

import java.util.List;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMapper;

/**
 * Where the page finds what it needs, relative to its own address, which it may not know: a proxy may have taken a prefix away.
 *
 * @param base the last segment of the page's path, under which its files are
 * @param taskmanager where the endpoint {@code taskmanager} is, which takes writes; empty if it takes none
 * @param durabletasks where the endpoint {@code durabletasks} is; empty if there is none
 */
public record PageLinks(String base, String taskmanager, String durabletasks) {

    /** As the applications' path mappings have it. */
    public static PageLinks of(List<PathMapper> mappers, boolean writable, boolean durable) {
        String page = path(mappers);
        int lastSlash = page.lastIndexOf('/');
        String up = "../".repeat((int) page.chars().filter(c -> c == '/').count());
        return new PageLinks(
                page.substring(lastSlash + 1),
                writable ? up + PathMapper.getRootPath(mappers, EndpointId.of("taskmanager")) : "",
                durable ? up + PathMapper.getRootPath(mappers, EndpointId.of("durabletasks")) : "");
    }

    /** The path of the page under that of all endpoints, without slashes around it. */
    static String path(List<PathMapper> mappers) {
        return PathMapper.getRootPath(mappers, EndpointId.of(TaskManagerUiEndpoint.ID));
    }
}
