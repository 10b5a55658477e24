package io.taskmanager.sample.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the processor makes of files good and bad. */
class ImageProcessorTest {

    private static final long MAX_PIXELS = 10_000_000;

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
        byte[] file = Pictures.jpeg(3000, 1800, orientation);

        assertUpright(Pictures.decoded(processor.render(file, "large.jpg", 200)), 200);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyOrientationOfAPngIsMadeUpright(int orientation) throws IOException {
        Developed developed = develop(Pictures.pngWithExif(400, 240, orientation));

        assertThat(developed.orientation().tag()).isEqualTo(orientation);
        assertUpright(Pictures.decoded(developed.thumbnails().get(0).jpeg()), 160);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyOrientationOfAWebpIsMadeUpright(int orientation) throws IOException {
        BufferedImage stored = Pictures.stored(Pictures.upright(400, 240), orientation);
        byte[] tiff = Pictures.tiff(orientation);
        byte[] withJpegsHeader = ByteBuffer.allocate(6 + tiff.length)
                .put(new byte[] {'E', 'x', 'i', 'f', 0, 0})
                .put(tiff)
                .array();
        for (byte[] exif : List.of(tiff, withJpegsHeader)) {
            Developed developed = develop(WebpFiles.withExif(stored, exif));

            assertThat(developed.orientation().tag()).isEqualTo(orientation);
            assertThat(developed.format()).isEqualTo("webp");
            assertUpright(Pictures.decoded(developed.thumbnails().get(0).jpeg()), 160);
        }
    }

    /** Written by cwebp, from the picture of the other tests. */
    @Test
    void aLossyWebpIsReadToo() throws IOException {
        Developed developed = develop(resource("/lossy.webp"));

        assertThat(developed.size()).isEqualTo(new Size(400, 240));
        assertUpright(Pictures.decoded(developed.thumbnails().get(0).jpeg()), 160);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9, 0.99})
    void aLossyWebpThatEndsTooEarlyIsRefused(double kept) throws IOException {
        byte[] file = resource("/lossy.webp");

        assertThatThrownBy(() -> develop(Arrays.copyOf(file, (int) (file.length * kept))))
                .isInstanceOf(UnreadableImageException.class);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream input = ImageProcessorTest.class.getResourceAsStream(name)) {
            return input.readAllBytes();
        }
    }

    private static final Color OLIVE = new Color(64, 128, 32);
    private static final Color GREY = new Color(64, 64, 64);

    static Stream<Arguments> colours() {
        return Stream.of(
                arguments("CMYK JPEG", Pictures.cmykJpeg(OLIVE), OLIVE),
                arguments("YCCK JPEG", Pictures.ycckJpeg(OLIVE), OLIVE),
                arguments("grey JPEG", Pictures.encoded(Pictures.grey(64), "jpeg"), GREY),
                arguments("grey PNG", Pictures.encoded(Pictures.grey(64), "png"), GREY),
                arguments("grey BMP", Pictures.encoded(Pictures.grey(64), "bmp"), GREY),
                arguments("grey and alpha PNG", Pictures.greyAlphaPng(64 / 255.0, 1, 8), GREY),
                arguments(
                        "grey and alpha PNG, half clear",
                        Pictures.greyAlphaPng(64 / 255.0, 0.5, 8),
                        new Color(160, 160, 160)),
                arguments("grey and alpha PNG, clear", Pictures.greyAlphaPng(64 / 255.0, 0, 8), Color.WHITE),
                arguments("grey and alpha PNG of 16 bits", Pictures.greyAlphaPng(64 / 255.0, 1, 16), GREY),
                arguments("grey PNG with a transparent grey", Pictures.transparentGreyPng(64), Color.WHITE),
                arguments("PNG of 16 bits", Pictures.encoded(Pictures.deep(OLIVE), "png"), OLIVE),
                arguments("indexed PNG", Pictures.encoded(Pictures.indexed(OLIVE, false), "png"), OLIVE),
                arguments("indexed GIF", Pictures.encoded(Pictures.indexed(OLIVE, false), "gif"), OLIVE),
                arguments("clear indexed PNG", Pictures.encoded(Pictures.indexed(OLIVE, true), "png"), Color.WHITE),
                arguments("clear indexed GIF", Pictures.encoded(Pictures.indexed(OLIVE, true), "gif"), Color.WHITE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("colours")
    void aThumbnailHasTheColourOfItsPicture(String kind, byte[] file, Color expected) throws IOException {
        BufferedImage thumbnail =
                Pictures.decoded(develop(file).thumbnails().get(0).jpeg());

        Color actual = new Color(thumbnail.getRGB(20, 20));
        assertThat(new int[] {actual.getRed(), actual.getGreen(), actual.getBlue()})
                .as("%s", actual)
                .satisfies(rgb -> assertThat(rgb[0]).isCloseTo(expected.getRed(), within(4)))
                .satisfies(rgb -> assertThat(rgb[1]).isCloseTo(expected.getGreen(), within(4)))
                .satisfies(rgb -> assertThat(rgb[2]).isCloseTo(expected.getBlue(), within(4)));
    }

    /** Whatever bytes a file is made of, it is a picture, no picture, or too large a one. */
    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "gif", "bmp", "webp", "lossy webp"})
    void aFileWithFlippedBytesIsAPictureOrNone(String format) throws IOException {
        byte[] file = format.equals("lossy webp") ? resource("/lossy.webp") : Pictures.encoded(64, 48, format);
        Random random = new Random(11);
        ImageProcessor small = new ImageProcessor(10_000);
        for (int round = 0; round < 300; round++) {
            byte[] bad = file.clone();
            for (int flip = 0; flip < 4; flip++) {
                bad[random.nextInt(Math.min(bad.length, 600))] = (byte) random.nextInt();
            }
            assertThat(catchThrowable(() -> small.develop(bad, "bad", List.of(160))))
                    .satisfiesAnyOf(
                            e -> assertThat(e).isNull(),
                            e -> assertThat(e).isInstanceOf(UnreadableImageException.class),
                            e -> assertThat(e).isInstanceOf(ImageTooLargeException.class));
        }
        small.close();
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
    @ValueSource(strings = {"jpeg", "png", "gif", "bmp", "webp"})
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
    @CsvSource({
        "jpeg,0.5",
        "jpeg,0.9",
        "png,0.5",
        "png,0.9",
        "gif,0.5",
        "gif,0.9",
        "bmp,0.5",
        "bmp,0.9",
        "webp,0.5",
        "webp,0.9"
    })
    void aTruncatedPictureIsRefusedByName(String format, double kept) throws IOException {
        byte[] file = Pictures.encoded(noise(), format);
        byte[] truncated = Arrays.copyOf(file, (int) (file.length * kept));

        assertThatThrownBy(() -> processor.develop(truncated, "holiday." + format, List.of(160)))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining("holiday." + format);
    }

    /** A picture that does not compress, so that a part of the bytes is a part of the picture. */
    private static BufferedImage noise() {
        BufferedImage noise = new BufferedImage(300, 300, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int i = 0; i < 300 * 300; i++) {
            noise.setRGB(i % 300, i / 300, random.nextInt());
        }
        return noise;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "just some text, whatever its name may say", "GIF89a", "BM", "\u0000\u0001\u0002"})
    void whatIsNoPictureIsRefusedByName(String content) throws IOException {
        byte[] file = content.getBytes(ISO_8859_1);

        assertThatThrownBy(() -> processor.develop(file, "notes.jpg", List.of(160)))
                .isInstanceOf(UnreadableImageException.class)
                .hasMessageContaining("notes.jpg");
    }

    @ParameterizedTest
    @CsvSource({"100000,100000", "2147483647,1", "70000,1", "3200,3200"})
    void aPictureThatClaimsToBeHugeIsRefusedUnread(int width, int height) throws IOException {
        byte[] file = Pictures.pngClaiming(width, height);

        assertThatThrownBy(() -> processor.develop(file, "bomb.png", List.of(160)))
                .isInstanceOf(ImageTooLargeException.class)
                .hasMessageContaining("bomb.png")
                .hasMessageContaining(width + " x " + height);
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
        return processor.develop(file, "picture", List.of(160, 320));
    }
}
