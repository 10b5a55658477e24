package io.taskmanager.sample.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic of shrinking. */
class SizeTest {

    @ParameterizedTest
    @CsvSource({
        "640,480, 320, 320,240", // in proportion
        "320,240, 320, 320,240", // just fits
        "100,50, 320, 100,50", // never enlarged
        "640,640, 320, 320,320",
        "100,4000, 320, 16,640", // a tower: bounded by twice the width
        "65535,1, 320, 320,1", // a line: no side vanishes
        "1,65535, 320, 1,640",
    })
    void shrinks(int width, int height, int maxWidth, int expectedWidth, int expectedHeight) {
        assertThat(new Size(width, height).shrunkTo(maxWidth)).isEqualTo(new Size(expectedWidth, expectedHeight));
    }
}
