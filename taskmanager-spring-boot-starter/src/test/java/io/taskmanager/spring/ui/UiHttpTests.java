package io.taskmanager.spring.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.taskmanager.ResourceFactory;
import io.taskmanager.spring.NoLeakedThreads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Whole applications, over real HTTP: the page, its files and its data, wherever the endpoints are. */
@ExtendWith(NoLeakedThreads.class)
class UiHttpTests {

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
    private static final String EXPOSED = "management.endpoints.web.exposure.include=taskmanager,taskmanagerui";
    private static final String READABLE = "management.endpoint.taskmanagerui.access=read-only";
    private static final List<String> MANAGER =
            List.of("taskmanager.managers.images.worker-count=1", "taskmanager.managers.images.max-worker-count=3");

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** As it is, for all that changes nothing there. */
    private static ConfigurableApplicationContext plain;

    @BeforeAll
    static void startPlain() {
        plain = start(List.of());
    }

    @AfterAll
    static void closePlain() {
        plain.close();
    }

    /** Where the page is, and how the application came to have it there. */
    record Place(String name, String page, boolean ofManagement, List<String> properties) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Place> places() {
        return Stream.of("servlet", "reactive")
                .flatMap(type -> Stream.of(
                        place(type, "as it is", "/actuator/taskmanagerui"),
                        place(
                                type,
                                "paths mapped, under the application's path",
                                "/app/manage/ops/live",
                                "server.servlet.context-path=/app",
                                "spring.webflux.base-path=/app",
                                "management.endpoints.web.base-path=/manage",
                                "management.endpoints.web.path-mapping.taskmanagerui=ops/live",
                                "management.endpoints.web.path-mapping.taskmanager=steer"),
                        place(type, "no base path", "/taskmanagerui", "management.endpoints.web.base-path=/"),
                        place(
                                type,
                                "on another port",
                                "/inside/actuator/taskmanagerui",
                                "management.server.port=0",
                                "management.server.base-path=/inside")));
    }

    private static Place place(String type, String name, String page, String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("spring.main.web-application-type=" + type);
        boolean ofManagement = all.contains("management.server.port=0");
        if (ofManagement && type.equals("reactive")) {
            // Both servers are here, and Boot can't have a management context of each.
            all.add("spring.autoconfigure.exclude=org.springframework.boot.tomcat.autoconfigure.actuate.web.server"
                    + ".TomcatReactiveManagementContextAutoConfiguration");
        }
        return new Place(type + ", " + name, page, ofManagement, all);
    }

    @ParameterizedTest
    @MethodSource("places")
    void servesThePageAndAllThatItLinksTo(Place place) throws Exception {
        List<String> properties = new ArrayList<>(place.properties());
        properties.add("management.endpoint.taskmanager.access=unrestricted");
        try (ConfigurableApplicationContext application = start(properties)) {
            URI page = URI.create("http://localhost:" + port(application, place.ofManagement()) + place.page());

            HttpResponse<String> html = get(page);

            assertThat(html.statusCode()).isEqualTo(200);
            assertThat(html.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
            assertHardened(html);
            assertLinksLead(page, html.body());
            String data = page + "/data?since=0";
            await().untilAsserted(
                            () -> assertThat(samples(get(URI.create(data)))).isNotEmpty());
            assertHardened(get(URI.create(data)));
            assertPauses(page.resolve(attribute(html.body(), "data-taskmanager")));
        }
    }

    private void assertLinksLead(URI page, String html) throws Exception {
        List<String> links = links(html);
        assertThat(links).isNotEmpty();
        for (String link : links) {
            HttpResponse<String> file = get(page.resolve(link));
            assertThat(file.statusCode()).as(link).isEqualTo(200);
            assertThat(file.headers().firstValue("Content-Type"))
                    .as(link)
                    .hasValueSatisfying(
                            type -> assertThat(type).matches("(text/(css|javascript|plain)|image/svg\\+xml);.*"));
            assertHardened(file);
        }
    }

    /** The endpoint that takes writes is where the page has been told. */
    private void assertPauses(URI endpoint) throws Exception {
        HttpResponse<String> paused = HTTP.send(
                HttpRequest.newBuilder(URI.create(endpoint + "/images"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"action\": \"pause\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(paused.statusCode()).isEqualTo(200);
        assertThat(JsonPath.parse(paused.body()).read("$.stats.paused", Boolean.class))
                .isTrue();
    }

    @Test
    void tellsThePageNothingOfWritesThatAreForbidden() throws Exception {
        assertThat(attribute(get(at("")).body(), "data-taskmanager")).isEmpty();
        assertThat(attribute(get(at("")).body(), "data-durabletasks")).isEmpty();
    }

    @Test
    void isOffWhereItIsExposedAndNothingIsSaidOfItsAccess() throws Exception {
        try (ConfigurableApplicationContext application = startWith(MANAGER, EXPOSED)) {
            assertThat(get(at(application, "")).statusCode()).isEqualTo(404);
            assertThat(get(at(application, "/data")).statusCode()).isEqualTo(404);
            assertThat(application.getBeansOfType(Sampler.class)).isEmpty();
        }
    }

    @Test
    void isThereForAnApplicationWithoutManagers() throws Exception {
        try (ConfigurableApplicationContext application = startWith(List.of(), EXPOSED, READABLE)) {
            assertThat(get(at(application, "")).body()).contains("data-empty=\"managers\"");
            await().untilAsserted(() -> {
                DocumentContext data =
                        JsonPath.parse(get(at(application, "/data")).body());
                assertThat(data.<Map<String, Object>>read("$.managers")).isEmpty();
                assertThat(data.read("$.cursor", Long.class)).isPositive();
            });
        }
    }

    /** However its address is written: the handlers look at decoded segments without parameters. */
    @ParameterizedTest
    @ValueSource(strings = {"servlet", "reactive"})
    void isHardenedAtEachAddressThatLeadsToIt(String type) throws Exception {
        try (ConfigurableApplicationContext application = start(List.of("spring.main.web-application-type=" + type))) {
            List<String> served = new ArrayList<>();
            for (String address : List.of(
                    "/actuator/taskmanagerui",
                    "/actuator/%74askmanagerui",
                    "/%61ctuator/taskmanagerui",
                    "/actuator/taskmanagerui;x",
                    "/actuator;x=y/taskmanagerui;x/data",
                    "/actuator/taskmanageru%69/app.js",
                    "//actuator/taskmanagerui",
                    "/actuator//taskmanagerui",
                    "/actuator/taskmanagerui/",
                    "/x/../actuator/taskmanagerui",
                    "/actuator/%2e/taskmanagerui")) {
                String head = headOf(port(application, false), address);
                if (!head.startsWith("HTTP/1.1 400") && !head.startsWith("HTTP/1.1 404")) {
                    served.add(address);
                    assertThat(head).as(address).startsWith("HTTP/1.1 200");
                    assertThat(values(head, "Content-Security-Policy"))
                            .as(address)
                            .singleElement()
                            .asString()
                            .contains("default-src 'self'")
                            .doesNotContain("unsafe");
                    assertThat(values(head, "X-Content-Type-Options"))
                            .as(address)
                            .containsExactly("nosniff");
                }
            }
            assertThat(served).contains("/actuator/taskmanagerui", "/actuator/%74askmanagerui");
        }
    }

    private static List<String> values(String head, String header) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, header + ":", 0, header.length() + 1))
                .map(line -> line.substring(header.length() + 1).strip())
                .toList();
    }

    /** On a connection of its own: a client may put an address in order, and a server may do what it likes after a bad one. */
    private static String headOf(int port, String address) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            String request = "GET " + address + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(0, answer.indexOf("\r\n\r\n"));
        }
    }

    @Test
    void servesNothingElse() throws Exception {
        for (String path : List.of(
                "/index.html",
                "/Sampler.class",
                "/..%2Factuate%2Fpackage-info.class",
                "/%2e%2e/x",
                "/app.js/x",
                "/DATA")) {
            assertThat(get(at(path)).statusCode()).as(path).isIn(400, 404);
        }
    }

    @Test
    void refusesACursorThatIsNone() throws Exception {
        for (String since : List.of("yesterday", "1.5", "99999999999999999999")) {
            assertThat(get(at("/data?since=" + since)).statusCode()).as(since).isEqualTo(400);
        }
    }

    @Test
    void givesWhatIsNewSinceTheCursor() throws Exception {
        await().until(() -> !samples(get(at("/data"))).isEmpty());

        DocumentContext all = JsonPath.parse(get(at("/data?since=0")).body());
        Number cursor = all.read("$.cursor", Long.class);
        DocumentContext since = JsonPath.parse(get(at("/data?since=" + cursor)).body());

        assertThat(all.<List<Number>>read("$.managers.images.samples[*].at")).contains(cursor);
        assertThat(since.<List<Number>>read("$.managers.images.samples[*].at")).doesNotContain(cursor);
        assertThat(all.<String>read("$.managers.images.state")).isEqualTo("RUNNING");
        assertThat(all.<String>read("$.managers.images.why")).isNotBlank();
        assertThat(all.<Integer>read("$.managers.images.maxWorkers")).isEqualTo(3);
        assertThat(all.<Map<String, Object>>read("$.managers.images.samples[0]"))
                .containsOnlyKeys(Stream.of(Sample.class.getRecordComponents())
                        .map(component -> component.getName())
                        .toList());
        assertThat(all.<String>read("$.managers.images.workers[0].state")).isEqualTo("IDLE");
        assertThat(all.<List<String>>read("$.managers.images.events[*].type")).contains("RESOURCE_CREATED");
    }

    /** Behind a proxy that takes a prefix away, and may not run scripts or styles of its own: nothing is absolute or inline. */
    @Test
    void hasNothingAbsoluteOrInline() throws Exception {
        String html = get(at("")).body();

        assertThat(links(html)).allMatch(link -> link.startsWith("taskmanagerui/"));
        assertThat(html)
                .doesNotContainPattern("<script(?![^>]*\\ssrc=)")
                .doesNotContain("<style")
                .doesNotContainPattern("\\sstyle=")
                .doesNotContainPattern("\\son[a-z]+=");
    }

    @Test
    void isSmall() throws Exception {
        String html = get(at("")).body();

        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        zip(html, zipped);
        for (String link : links(html)) {
            zip(get(at("").resolve(link)).body(), zipped);
        }

        assertThat(zipped.size()).isLessThan(60 * 1024);
    }

    private static void zip(String text, ByteArrayOutputStream out) throws IOException {
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void assertHardened(HttpResponse<?> response) {
        assertThat(response.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("default-src 'self'")
                .doesNotContain("unsafe");
        assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    }

    private static List<Object> samples(HttpResponse<String> data) {
        assertThat(data.statusCode()).isEqualTo(200);
        return JsonPath.parse(data.body()).read("$.managers.images.samples");
    }

    private static List<String> links(String html) {
        List<String> links = new ArrayList<>();
        for (Matcher link = LINK.matcher(html); link.find(); ) {
            if (!link.group(1).startsWith("#")) {
                links.add(link.group(1));
            }
        }
        return links;
    }

    private static String attribute(String html, String name) {
        Matcher found = Pattern.compile(name + "=\"([^\"]*)\"").matcher(html);
        assertThat(found.find()).as(name).isTrue();
        return found.group(1);
    }

    private static ConfigurableApplicationContext start(List<String> properties) {
        List<String> all = new ArrayList<>(properties);
        all.addAll(MANAGER);
        return startWith(all, EXPOSED, READABLE);
    }

    private static ConfigurableApplicationContext startWith(List<String> properties, String... more) {
        return new SpringApplicationBuilder(App.class)
                .run(Stream.of(Stream.of("server.port=0"), Stream.of(more), properties.stream())
                        .flatMap(all -> all)
                        .map(property -> "--" + property)
                        .toArray(String[]::new));
    }

    private static int port(ConfigurableApplicationContext application, boolean ofManagement) {
        return application
                .getEnvironment()
                .getRequiredProperty(ofManagement ? "local.management.port" : "local.server.port", Integer.class);
    }

    private static URI at(String path) {
        return at(plain, path);
    }

    private static URI at(ConfigurableApplicationContext application, String path) {
        return URI.create("http://localhost:" + port(application, false) + "/actuator/taskmanagerui" + path);
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        ResourceFactory<StringBuilder> builders() {
            return ResourceFactory.of(StringBuilder::new, builder -> {});
        }
    }
}
