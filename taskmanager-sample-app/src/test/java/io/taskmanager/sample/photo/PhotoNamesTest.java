package io.taskmanager.sample.photo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of the names that people send. */
class PhotoNamesTest {

    @ParameterizedTest
    @CsvSource({
        "sea.jpg, sea.jpg",
        "Strand bei Föhr (2).jpg, Strand bei Föhr (2).jpg",
        "../../etc/passwd, passwd",
        "/etc/passwd, passwd",
        "C:\\Users\\me\\sea.jpg, sea.jpg",
        "%2e%2e%2fpasswd, %2e%2e%2fpasswd",
    })
    void keepsTheLastPart(String sent, String shown) {
        assertThat(PhotoNames.clean(sent)).isEqualTo(shown);
    }

    @Test
    void dropsControlCharacters() {
        assertThat(PhotoNames.clean("a\u0000b\r\nc\u202e.jpg")).isEqualTo("abc.jpg");
    }

    @Test
    void cutsEndlessNames() {
        assertThat(PhotoNames.clean("x".repeat(5000))).hasSize(120);
        assertThat(PhotoNames.clean("\ud83d\udcf7".repeat(5000)).codePointCount(0, 240))
                .isEqualTo(120);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", ".", "..", "a/", "/", "\u0000"})
    void namesWhatHasNoName(String sent) {
        assertThat(PhotoNames.clean(sent)).isEqualTo("photo");
    }
}
