package io.taskmanager.sample.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.image.ImageProcessorFactory;
import io.taskmanager.sample.image.Pictures;
import io.taskmanager.sample.web.Service.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Photos over real HTTP: each answer that is documented. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "photos.import-samples=false",
            "photos.max-file-size=1MB",
            "photos.max-pixels=4000000",
            "taskmanager.managers.images.burst-interval=0s", // so that a processor is only made to replace another
        })
@DirtiesContext
class PhotoHttpTest {

    @TempDir
    static Path data;

    @LocalServerPort
    int port;

    @Autowired
    TaskManager<ImageProcessor, Object> images;

    @Autowired
    ImageProcessorFactory processors;

    private Service service;

    @DynamicPropertySource
    static void useFolder(DynamicPropertyRegistry properties) {
        properties.add("photos.data", () -> data);
    }

    @BeforeEach
    void connect() {
        service = new Service(port);
    }

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
        String id = self.substring("/photos/".length());
        Files.delete(data.resolve("originals").resolve(id.substring(0, 2)).resolve(id));

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

    private static String assertProblem(Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        return answer.json("$.detail");
    }

    private List<Path> leftOver() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("incoming"))) {
            return files.toList();
        }
    }

    private String upload(byte[] file) throws IOException, InterruptedException {
        return service.post("/photos", "image/jpeg", file).json("$.links.self");
    }
}
