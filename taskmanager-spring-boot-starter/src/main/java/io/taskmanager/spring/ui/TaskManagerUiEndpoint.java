package io.taskmanager.spring.ui;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.util.MimeType;
import org.springframework.web.util.HtmlUtils;

/**
 * A page that shows the managers at work, its files, and its data. Off unless {@code management.endpoint.taskmanagerui.access}
 * is {@code read-only} (or {@code unrestricted}, which is the same here). What it lets people do, it asks of the endpoint
 * {@code taskmanager}, and of that endpoint's access.
 */
@WebEndpoint(id = TaskManagerUiEndpoint.ID, defaultAccess = Access.NONE)
@ImportRuntimeHints(TaskManagerUiEndpoint.Hints.class)
// What is in a WebEndpointResponse<Object>, a native image can't know otherwise.
@RegisterReflectionForBinding(PageData.class)
public final class TaskManagerUiEndpoint {

    static final String ID = "taskmanagerui";

    private static final String DATA = "data";
    private static final MimeType HTML = new MimeType("text", "html", StandardCharsets.UTF_8);

    private final Sampler sampler;
    private final Supplier<PageLinks> links;

    /**
     * An endpoint that shows what a sampler has sampled.
     *
     * @param links asked for with each page
     */
    public TaskManagerUiEndpoint(Sampler sampler, Supplier<PageLinks> links) {
        this.sampler = sampler;
        this.links = links;
    }

    /** The page. */
    @ReadOperation(produces = "text/html")
    public WebEndpointResponse<String> page() {
        PageLinks now = links.get();
        String html = Asset.read("index.html")
                .replace("{{base}}", HtmlUtils.htmlEscape(now.base()))
                .replace("{{taskmanager}}", HtmlUtils.htmlEscape(now.taskmanager()))
                .replace("{{durabletasks}}", HtmlUtils.htmlEscape(now.durabletasks()));
        return new WebEndpointResponse<>(html, HTML);
    }

    /**
     * A file of the page, or its {@code data}.
     *
     * @param asset the file's name
     * @param since the cursor of what is known, for {@code data}; all that there is if left out
     */
    @ReadOperation(produces = {"application/json", "text/css", "text/javascript", "image/svg+xml", "text/plain"})
    public WebEndpointResponse<Object> asset(@Selector String asset, @Nullable Long since) {
        if (asset.equals(DATA)) {
            return new WebEndpointResponse<>(PageData.since(since == null ? 0 : since, sampler));
        }
        Optional<Asset> file = Asset.named(asset);
        return file.isPresent()
                ? new WebEndpointResponse<>(file.get().read(), file.get().type())
                : new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
    }

    /** The files, in a native image. */
    static final class Hints implements RuntimeHintsRegistrar {
        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
            hints.resources().registerPattern(Asset.FOLDER + "*");
        }
    }
}
