package io.taskmanager.durable.testkit;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import java.util.Objects;
import org.springframework.test.web.servlet.client.RestTestClient;

/** The text of a response, which must have one. */
public final class HttpBody {

    private HttpBody() {}

    /** What a GET of that path is answered with, and with that status. */
    public static DocumentContext json(RestTestClient http, String path, int status) {
        return JsonPath.parse(of(http.get().uri(path).exchange(), status));
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
