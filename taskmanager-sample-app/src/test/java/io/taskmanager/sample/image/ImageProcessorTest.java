package io.taskmanager.sample.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the processor makes of files good and bad. */
class ImageProcessorTest {

    private static final long MAX_PIXELS = 10_000_000;

    @TempDir
    Path folder;

    private final ImageProcessor processor = new ImageProcessor(MAX_PIXELS);

    @AfterEach
    void close() {
        processor.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyOrientationOfAJpegIsMadeUpright(int orientation) throws IOException {
        Developed developed = develop(Pictures.jpeg(400, 240, orientation));

        assertThat(developed.orientation().tag()).isEqualTo(orientation);
        assertThat(developed.size()).isEqualTo(new Size(400, 240));
        for (Thumbnail thumbnail : developed.thumbnails()) {
            assertUpright(Pictures.decoded(thumbnail.jpeg()), Math.min(400, thumbnail.maxWidth()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyOrientationOfALargePictureIsMadeUpright(int orientation) throws IOException {
        // More than twice the full width: read with subsampling.
        Path file = write(Pictures.jpeg(3000, 1800, orientation));

        assertUpright(Pictures.decoded(processor.render(file, "large.jpg", 200)), 200);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyOrientationOfAPngIsMadeUpright(int orientation) throws IOException {
        Developed developed = develop(Pictures.pngWithExif(400, 240, orientation));

        assertThat(developed.orientation().tag()).isEqualTo(orientation);
        assertUpright(Pictures.decoded(developed.thumbnails().get(0).jpeg()), 160);
    }

    private static void assertUpright(BufferedImage picture, int width) {
        assertThat(picture.getWidth()).isEqualTo(width);
        assertThat(picture.getHeight()).isEqualTo(width * 3 / 5);
        int right = picture.getWidth() - 4;
        int bottom = picture.getHeight() - 4;
        assertColor(picture, 3, 3, Color.RED);
        assertColor(picture, right, 3, Color.GREEN);
        assertColor(picture, 3, bottom, Color.BLUE);
        assertColor(picture, right, bottom, Color.YELLOW);
    }

    /** JPEG does not keep colours to the bit. */
    private static void assertColor(BufferedImage picture, int x, int y, Color expected) {
        Color actual = new Color(picture.getRGB(x, y));
        int difference = Math.abs(actual.getRed() - expected.getRed())
                + Math.abs(actual.getGreen() - expected.getGreen())
                + Math.abs(actual.getBlue() - expected.getBlue());
        assertThat(difference).as("%s at %d, %d", actual, x, y).isLessThan(60);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "gif", "bmp"})
    void readsEveryFormat(String format) throws IOException {
        Developed developed = develop(Pictures.encoded(400, 240, format));

        assertThat(developed.format()).isEqualTo(format);
        assertThat(developed.orientation()).isEqualTo(Orientation.NORMAL);
        assertUpright(Pictures.decoded(developed.thumbnails().get(0).jpeg()), 160);
    }

    @Test
    void anOrientationThatExifDoesNotKnowIsTakenAsUpright() throws IOException {
        byte[] file = Pictures.withExif(Pictures.encoded(400, 240, "jpeg"), 9);

        assertThat(develop(file).orientation()).isEqualTo(Orientation.NORMAL);
    }

    @Test
    void transparencyIsShownOnWhite() throws IOException {
        BufferedImage clear = new BufferedImage(40, 40, BufferedImage.TYPE_INT_ARGB);
        byte[] thumbnail =
                develop(Pictures.encoded(clear, "png")).thumbnails().get(0).jpeg();

        assertColor(Pictures.decoded(thumbnail), 20, 20, Color.WHITE);
    }

    @Test
    void theIdIsMadeOfTheBytesAlone() throws IOException {
        byte[] file = Pictures.jpeg(100, 60, 1);

        assertThat(develop(file).id()).isEqualTo(develop(file).id()).matches("[0-9a-f]{64}");
        assertThat(develop(Pictures.numbered(1)).id())
                .isNotEqualTo(develop(Pictures.numbered(2)).id());
    }

    @ParameterizedTest
    @CsvSource({"jpeg,0.5", "jpeg,0.9", "png,0.5", "png,0.9", "gif,0.5", "gif,0.9", "bmp,0.5", "bmp,0.9"})
    void aTruncatedPictureIsRefusedByName(String format, double kept) throws IOException {
        byte[] file = Pictures.encoded(noise(), format);
        Path truncated = write(Arrays.copyOf(file, (int) (file.length * kept)));

        assertThatThrownBy(() -> processor.develop(truncated, "holiday." + format, List.of(160)))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining("holiday." + format);
    }

    /** A picture that does not compress, so that a part of the bytes is a part of the picture. */
    private static BufferedImage noise() {
        BufferedImage noise = new BufferedImage(300, 300, BufferedImage.TYPE_INT_RGB);
        java.util.Random random = new java.util.Random(7);
        for (int i = 0; i < 300 * 300; i++) {
            noise.setRGB(i % 300, i / 300, random.nextInt());
        }
        return noise;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "just some text, whatever its name may say", "GIF89a", "BM", "\u0000\u0001\u0002"})
    void whatIsNoPictureIsRefusedByName(String content) throws IOException {
        Path file = write(content.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> processor.develop(file, "notes.jpg", List.of(160)))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining("notes.jpg");
    }

    @ParameterizedTest
    @CsvSource({"100000,100000", "2147483647,1", "70000,1", "3200,3200"})
    void aPictureThatClaimsToBeHugeIsRefusedUnread(int width, int height) throws IOException {
        Path file = write(Pictures.pngClaiming(width, height));

        assertThatThrownBy(() -> processor.develop(file, "bomb.png", List.of(160)))
                .isInstanceOf(ImageTooLargeException.class)
                .hasMessageContaining("bomb.png")
                .hasMessageContaining(width + " x " + height);
    }

    @Test
    void aFileThatIsGoneIsNotCalledABadPicture() {
        assertThatThrownBy(() -> processor.develop(folder.resolve("gone"), "gone", List.of(160)))
                .isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void badFilesLeaveNoTraceInTheProcessor() throws IOException {
        byte[] file = Pictures.jpeg(400, 240, 6);
        byte[] before = develop(file).thumbnails().get(0).jpeg();
        for (byte[] bad : List.of(Arrays.copyOf(file, file.length / 2), new byte[3], Pictures.pngClaiming(8, 9))) {
            assertThatThrownBy(() -> develop(bad)).isInstanceOf(UnreadableImageException.class);
        }
        develop(Pictures.encoded(900, 900, "png"));

        assertThat(develop(file).thumbnails().get(0).jpeg()).isEqualTo(before);
    }

    @Test
    void nothingIsEnlarged() throws IOException {
        BufferedImage thumbnail = Pictures.decoded(
                develop(Pictures.encoded(20, 10, "png")).thumbnails().get(0).jpeg());

        assertThat(thumbnail.getWidth()).isEqualTo(20);
        assertThat(thumbnail.getHeight()).isEqualTo(10);
    }

    private Developed develop(byte[] file) throws IOException {
        return processor.develop(write(file), "picture", List.of(160, 320));
    }

    private Path write(byte[] file) throws IOException {
        return Files.write(Files.createTempFile(folder, "picture", ""), file);
    }
}
