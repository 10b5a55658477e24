package io.taskmanager.sample.web;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** The running service, seen through HTTP as anyone sees it. */
public final class Service {

    private static final String BOUNDARY = "----a-boundary";

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final String base;

    public Service(int port) {
        this.port = port;
        this.base = "http://localhost:" + port;
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return answer(request(path).GET().build());
    }

    public Answer delete(String path) throws IOException, InterruptedException {
        return answer(request(path).DELETE().build());
    }

    public Answer post(String path, String contentType, byte[] body) throws IOException, InterruptedException {
        return answer(request(path)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    public Answer postJson(String path, String json) throws IOException, InterruptedException {
        return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    Answer postForm(String path, String fileName, byte[] file) throws IOException, InterruptedException {
        String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofString(head),
                BodyPublishers.ofByteArray(file),
                BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
        return answer(request(path)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(body)
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    private Answer answer(HttpRequest request) throws IOException, InterruptedException {
        return new Answer(client.send(request, BodyHandlers.ofByteArray()));
    }

    /** Sends a request that no HTTP client would, and returns the answer as it comes. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What the service answered. */
    public record Answer(HttpResponse<byte[]> response) {

        public int status() {
            return response.statusCode();
        }

        byte[] bytes() {
            return response.body();
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        @SuppressWarnings("TypeParameterUnusedInFormals") // a wrong type fails the test, as it should
        public <T> T json(String path) {
            return JsonPath.read(text(), path);
        }
    }
}
