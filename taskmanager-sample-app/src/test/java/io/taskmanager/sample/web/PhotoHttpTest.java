package io.taskmanager.sample.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.sample.image.ContentHash;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.image.ImageProcessorFactory;
import io.taskmanager.sample.image.Pictures;
import io.taskmanager.sample.store.SpecialFiles;
import io.taskmanager.sample.web.Service.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Photos over real HTTP: each answer that is documented. */
@TestPropertySource(
        properties = {
            "photos.max-file-size=1MB",
            "photos.max-pixels=4000000",
            "taskmanager.managers.images.burst-interval=0s", // so that a processor is only made to replace another
        })
class PhotoHttpTest extends ServiceHttpTest {

    @Autowired
    TaskManager<ImageProcessor, Object> images;

    @Autowired
    ImageProcessorFactory processors;

    @Test
    void anUploadIsCataloguedAndSaysWhereItIs() throws Exception {
        Answer created = service.post("/photos?name=B%C3%A4r%201.jpg", "image/jpeg", Pictures.jpeg(400, 240, 6));

        assertThat(created.status()).isEqualTo(201);
        String id = created.json("$.id");
        assertThat(created.header("Location")).isEqualTo("/photos/" + id);
        assertThat(created.<String>json("$.name")).isEqualTo("Bär 1.jpg");
        assertThat(created.<Integer>json("$.width")).isEqualTo(400);
        assertThat(created.<Integer>json("$.height")).isEqualTo(240);
        assertThat(created.<Integer>json("$.orientation")).isEqualTo(6);
        for (String width : List.of("160", "320", "640")) {
            assertIsJpeg(service.get(created.json("$.thumbnails." + width)), Math.min(400, Integer.parseInt(width)));
        }
        assertThat(service.get("/photos/" + id).text()).isEqualTo(created.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/octet-stream", "application/x-www-form-urlencoded", "text/plain"})
    void theContentTypeOfTheBytesDoesNotMatter(String type) throws Exception {
        byte[] file = Pictures.jpeg(100 + type.length(), 60, 1);

        assertThat(service.post("/photos", type, file).status()).isEqualTo(201);
    }

    @Test
    void aFormIsTakenToo() throws Exception {
        Answer created = service.postForm("/photos", "../../sea.png", Pictures.encoded(90, 60, "png"));

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.<String>json("$.name")).isEqualTo("sea.png");
        assertThat(created.<String>json("$.format")).isEqualTo("png");
    }

    @Test
    void theSameBytesAreTheSamePhoto() throws Exception {
        byte[] file = Pictures.numbered(1);
        Answer first = service.post("/photos?name=a.jpg", "image/jpeg", file);
        Answer second = service.post("/photos?name=b.jpg", "image/jpeg", file);

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    }

    @Test
    void thumbnailsOfAnyWidthAreMadeOnDemand() throws Exception {
        String self = upload(Pictures.jpeg(410, 246, 8));

        assertIsJpeg(service.get(self + "/thumbnail?width=200"), 200);
        assertIsJpeg(service.get(self + "/thumbnail"), 320);
    }

    @Test
    void previewsAreMadeOfAnyWidth() throws Exception {
        String self = upload(Pictures.jpeg(1500, 900, 3));

        assertIsJpeg(service.get(self + "/preview"), 1280);
        assertIsJpeg(service.get(self + "/preview?width=700"), 700);
    }

    private static void assertIsJpeg(Answer answer, int width) throws IOException {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("image/jpeg");
        assertThat(answer.header("Cache-Control")).contains("immutable");
        assertThat(Pictures.decoded(answer.bytes()).getWidth()).isEqualTo(width);
    }

    @Test
    void listsPages() throws Exception {
        for (int number = 10; number < 15; number++) {
            upload(Pictures.numbered(number));
        }
        Answer page = service.get("/photos?page=1&size=2");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.<List<?>>json("$.photos")).hasSize(2);
        assertThat(page.<Integer>json("$.total")).isGreaterThanOrEqualTo(5);
        assertThat(service.get("/photos?page=2147483647&size=100").<List<?>>json("$.photos"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"size=0", "size=101", "page=-1", "size=x", "page=99999999999"})
    void aPageThatMakesNoSenseIs400(String query) throws Exception {
        assertProblem(service.get("/photos?" + query), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1281", "x", "99999999999"})
    void aWidthThatMakesNoSenseIs400(String width) throws Exception {
        String self = upload(Pictures.numbered(2));

        assertProblem(service.get(self + "/thumbnail?width=" + width), 400);
        assertProblem(service.get(self + "/preview?width=" + width), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nothing", "0000000000000000000000000000000000000000000000000000000000000000", "%00", "..;"})
    void anUnknownIdIs404Or400(String id) throws Exception {
        for (String path : List.of("", "/thumbnail", "/preview")) {
            assertThat(service.get("/photos/" + id + path).status()).isIn(400, 404);
        }
    }

    @Test
    void aPhotoWhoseFileIsGoneIs404() throws Exception {
        String self = upload(Pictures.numbered(3));
        Files.delete(originalOf(self));

        assertProblem(service.get(self + "/preview"), 404);
    }

    @Test
    void badPicturesAre422ByNameAndNeverCostAProcessor() throws Exception {
        byte[] good = Pictures.jpeg(300, 180, 1);
        byte[] truncated = Arrays.copyOf(good, good.length / 2);
        long created = processors.created();
        for (int i = 0; i < 5; i++) {
            Answer raw = service.post("/photos?name=cut.jpg", "image/jpeg", truncated);
            assertThat(assertProblem(raw, 422)).contains("cut.jpg");
            Answer form = service.postForm("/photos", "notes.jpg", "no picture at all".getBytes(UTF_8));
            assertThat(assertProblem(form, 422)).contains("notes.jpg");
        }
        assertThat(service.post("/photos", "image/jpeg", new byte[0]).status()).isEqualTo(422);

        assertThat(processors.created()).isEqualTo(created);
        assertThat(processors.destroyed()).isZero();
        assertThat(images.metrics().totalTasksRetried()).isZero();
        assertThat(leftOver()).isEmpty();
    }

    @Test
    void tooManyBytesAre413() throws Exception {
        byte[] large = new byte[2_000_000];

        assertThat(assertProblem(service.post("/photos?name=big.jpg", "image/jpeg", large), 413))
                .contains("big.jpg");
        assertProblem(service.postForm("/photos", "big.jpg", large), 413);
        assertThat(leftOver()).isEmpty();
    }

    @Test
    void tooManyPixelsAre413() throws Exception {
        Answer bomb = service.post("/photos?name=bomb.png", "image/png", Pictures.pngClaiming(60_000, 60_000));

        assertThat(assertProblem(bomb, 413)).contains("bomb.png", "60000 x 60000");
    }

    @Test
    void anUploadedPhotoIsDeletedWithAllItsFiles() throws Exception {
        String self = upload(Pictures.numbered(20));
        String id = self.substring("/photos/".length());

        assertThat(service.delete(self).status()).isEqualTo(204);
        for (String path : List.of("", "/thumbnail?width=160", "/preview")) {
            assertProblem(service.get(self + path), 404);
        }
        assertProblem(service.delete(self), 404);
        assertThat(filesOf(id)).isEmpty();

        assertThat(service.post("/photos", "image/jpeg", Pictures.numbered(20)).status())
                .isEqualTo(201);
        assertThat(service.get(self + "/preview").status()).isEqualTo(200);
    }

    private List<Path> filesOf(String id) throws IOException {
        try (Stream<Path> files = Files.walk(data())) {
            return files.filter(file -> file.getFileName().toString().startsWith(id))
                    .toList();
        }
    }

    @Test
    void anIdMayBeInUpperCase() throws Exception {
        String self = upload(Pictures.numbered(21));
        String upper = "/photos/" + self.substring("/photos/".length()).toUpperCase(Locale.ROOT);

        assertThat(service.get(upper).text()).isEqualTo(service.get(self).text());
        assertThat(service.get(upper + "/thumbnail?width=160").status()).isEqualTo(200);
        assertThat(service.get(upper + "/preview").status()).isEqualTo(200);
        assertThat(service.delete(upper).status()).isEqualTo(204);
        assertProblem(service.get(self), 404);
    }

    @Test
    void aPhotoWhoseFileIsAnotherNowIsNotShownAsTheOther() throws Exception {
        String self = upload(Pictures.numbered(22));
        Path file = originalOf(self);
        Files.write(file, Pictures.numbered(23));

        for (String path : List.of("/preview", "/thumbnail?width=33")) {
            assertThat(assertProblem(service.get(self + path), 404)).contains("another now");
        }
        assertThat(service.get(self + "/thumbnail?width=160").status()).isEqualTo(200); // made of the first
        Files.delete(file);
        SpecialFiles.pipe(file);
        assertProblem(service.get(self + "/preview"), 404);
    }

    private static Path originalOf(String self) {
        String id = self.substring("/photos/".length());
        return data().resolve("originals").resolve(id.substring(0, 2)).resolve(id);
    }

    @Test
    void aDataFolderThatCanNotBeWrittenIs507() throws Exception {
        byte[] file = Pictures.numbered(24);
        String id = ContentHash.of(file);
        Path blocker = Files.createFile(data().resolve("thumbnails").resolve(id.substring(0, 2)));

        assertThat(assertProblem(service.post("/photos", "image/jpeg", file), 507))
                .contains("photos.data")
                .doesNotContain(data().toString());
        assertThat(leftOver()).isEmpty();
        Files.delete(blocker);
        assertThat(service.post("/photos", "image/jpeg", file).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%zz", "100%", "%", "a%2", "%c3%zz"})
    void aNameThatIsNoUrlIs400(String name) throws Exception {
        String answer =
                service.raw("POST /photos?name=" + name + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: image/jpeg\r\nContent-Length: 1\r\n\r\nx");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json", "%25");
    }

    /** Tomcat refuses what is no HTTP before the service sees it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /photos?page=%zz",
                "GET /photos?size=%",
                "GET /photos?%zz=1",
                "GET /photos/%zz",
                "GET /photos/%zz/preview",
                "GET /photos/0/thumbnail?width=%zz",
                "DELETE /photos/%zz",
                "GET /imports/%zz",
                "DELETE /imports/%zz",
                "GET /%zz",
                "GET /photos?page=\u00e4",
                "GET /photos?page={",
            })
    void aUrlThatIsNoneIs400(String line) throws Exception {
        assertThat(service.raw(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data\r\n\r\nno boundary",
                "multipart/form-data; boundary=\r\n\r\nan empty boundary",
                "multipart/form-data; boundary=b\r\n\r\nno form",
                "multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\ncut",
                "multipart/form-data; boundary=b\r\n\r\n--b--\r\n",
                "multipart/form-data; boundary=b\r\n\r\n",
                "multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"other\"; filename=\"a\"\r\n\r\nx\r\n--b--\r\n",
                "multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n",
                "multipart/form-data; boundary=b\r\n\r\n--b\r\nnonsense\r\n\r\nx\r\n--b--\r\n",
                "multipart/mixed; boundary=b\r\n\r\n--b--\r\n",
            })
    void aFormThatIsNoneIs400(String typeAndBody) throws Exception {
        String body = typeAndBody.substring(typeAndBody.indexOf("\r\n\r\n") + 4);
        String answer = service.raw("POST /photos HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\nContent-Type: " + typeAndBody);

        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d.*").contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "5\r\nabc", "ffffffffffffffff\r\n", "-1\r\n"})
    void chunksThatAreNoneAre400(String body) throws Exception {
        for (String type : List.of("image/jpeg", "multipart/form-data; boundary=b")) {
            try (Socket socket = new Socket("localhost", port)) {
                socket.getOutputStream()
                        .write(("POST /photos HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + type
                                        + "\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
                                .getBytes(UTF_8));
                socket.shutdownOutput();
                assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                        .startsWith("HTTP/1.1 400");
            }
        }
        assertThat(leftOver()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "image/", "/", ";", "image/jpeg; q", "multipart", "*/*"})
    void aContentTypeThatIsNoneIsNoErrorOfTheService(String type) throws Exception {
        String answer = service.raw("POST /photos HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                + type + "\r\nContent-Length: 1\r\n\r\nx");

        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d.*");
    }

    private static String assertProblem(Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        return answer.json("$.detail");
    }

    private List<Path> leftOver() throws IOException {
        try (Stream<Path> files = Files.list(data().resolve("incoming"))) {
            return files.toList();
        }
    }

    private String upload(byte[] file) throws IOException, InterruptedException {
        return service.post("/photos", "image/jpeg", file).json("$.links.self");
    }
}
