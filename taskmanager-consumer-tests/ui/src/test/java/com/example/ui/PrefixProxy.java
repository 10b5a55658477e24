package com.example.ui;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As a reverse proxy that takes a prefix of the path away, tells the server nothing of it, and may let nothing through. */
final class PrefixProxy implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final String prefix;
    private final String target;
    private final List<Question> asked = new CopyOnWriteArrayList<>();
    private volatile int refusal;
    private volatile String login = "";

    /** A request for the page's data, and when it came. */
    record Question(String path, long nanos, boolean refused) {
        Duration since(Question before) {
            return Duration.ofNanos(nanos - before.nanos);
        }
    }

    PrefixProxy(String prefix, String target) throws IOException {
        this.prefix = prefix;
        this.target = target;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext(prefix + "/", this::forward);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + prefix;
    }

    /** Answers everything with this status from now on. */
    void refuse(int status) {
        refusal = status;
    }

    /** Leads everything to this address from now on. */
    void lead(String address) {
        login = address;
        refusal = 302;
    }

    List<Question> asked() {
        return List.copyOf(asked);
    }

    List<Question> refused() {
        return asked.stream().filter(Question::refused).toList();
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString().substring(prefix.length());
            int status = refusal;
            if (path.contains("/data?")) {
                asked.add(new Question(path, System.nanoTime(), status != 0));
            }
            if (status != 0) {
                if (!login.isEmpty()) {
                    exchange.getResponseHeaders().set("Location", login);
                }
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target + path))
                    .method(
                            exchange.getRequestMethod(),
                            HttpRequest.BodyPublishers.ofByteArray(
                                    exchange.getRequestBody().readAllBytes()));
            for (String name : new String[] {"Accept", "Content-Type"}) {
                if (exchange.getRequestHeaders().containsKey(name)) {
                    request.header(name, exchange.getRequestHeaders().getFirst(name));
                }
            }
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            answer.headers().map().forEach((name, values) -> {
                if (!name.equalsIgnoreCase("transfer-encoding") && !name.equalsIgnoreCase("connection")) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
