package io.taskmanager.sample.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running service, asked through its actuator endpoint. */
final class WatchedService {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final String url;
    private final @Nullable String credentials;
    private final Clock clock;

    private WatchedService(String url, @Nullable String credentials, Clock clock) {
        this.url = url;
        this.credentials = credentials;
        this.clock = clock;
    }

    /**
     * The service at a URL, which is that of the endpoint {@code taskmanager}.
     *
     * @throws IllegalArgumentException if it is none
     */
    static WatchedService at(String url, Clock clock) {
        URI uri = URI.create(url);
        String scheme = String.valueOf(uri.getScheme());
        if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
            throw new IllegalArgumentException("it is no http or https URL");
        }
        String userInfo = uri.getUserInfo();
        String shown = userInfo == null ? url : url.replace(uri.getRawUserInfo() + "@", "");
        String without = shown.replaceAll("/+$", "");
        return new WatchedService(without, userInfo, clock);
    }

    /** Without the password. */
    String url() {
        return url;
    }

    /** Asks all managers. */
    Sample sample() throws WatchException, InterruptedException {
        List<Sample.Manager> managers = new ArrayList<>();
        for (String name : get("").path("managers").propertyNames()) {
            managers.add(new Sample.Manager(name, get("/" + encoded(name))));
        }
        return new Sample(clock.instant(), managers);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode get(String path) throws WatchException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE);
        if (credentials != null) {
            byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
        }
        try {
            return json(client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw WatchException.unreachable(url, e);
        }
    }

    private JsonNode json(HttpResponse<String> response) throws WatchException {
        if (response.statusCode() != 200) {
            throw WatchException.refused(url, response.statusCode());
        }
        try {
            JsonNode json = JSON.readTree(response.body());
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            throw WatchException.noJson(url);
        }
        throw WatchException.noJson(url);
    }
}
