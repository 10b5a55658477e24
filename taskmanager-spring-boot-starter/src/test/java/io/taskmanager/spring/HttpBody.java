package io.taskmanager.spring;

import java.util.Objects;
import org.springframework.test.web.servlet.client.RestTestClient;

/** The text of a response, which must have one. */
public final class HttpBody {

    private HttpBody() {}

    /** What a GET of that path is answered with, and with 200. */
    public static String get(RestTestClient http, String path) {
        return of(http.get().uri(path).exchange(), 200);
    }

    /** What a response has, with that status. */
    public static String of(RestTestClient.ResponseSpec response, int status) {
        return Objects.requireNonNull(response.expectStatus()
                .isEqualTo(status)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    }
}
