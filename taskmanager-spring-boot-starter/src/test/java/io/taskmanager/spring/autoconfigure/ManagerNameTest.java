package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.taskmanager.HealthCheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManagerNameTest {

    @Test
    void aPlainNameIsTheStemOfAllBeanNames() {
        ManagerName images = new ManagerName("images");

        assertThat(images.beanName()).isEqualTo("imagesTaskManager");
        assertThat(images.aliases()).containsExactly("images");
        assertThat(images.resourceFactoryNames()).containsExactly("images", "imagesResourceFactory");
        assertThat(images.beanName(HealthCheck.class)).isEqualTo("imagesHealthCheck");
        assertThat(images.property("worker-count")).isEqualTo("taskmanager.managers.images.worker-count");
    }

    @Test
    void aNameWithDashesIsCamelCaseInBeanNames() {
        ManagerName photos = new ManagerName("photo-images");

        assertThat(photos.beanName()).isEqualTo("photoImagesTaskManager");
        assertThat(photos.aliases()).containsExactly("photo-images", "photoImages");
        assertThat(photos.resourceFactoryNames())
                .containsExactly("photo-images", "photoImages", "photoImagesResourceFactory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1st", "a.b", "a b", "-a", "a-", "a--b", "a_b", "&a", "é"})
    void refusesWhatMakesNoSensibleBeanName(String name) {
        assertThatExceptionOfType(TaskManagerConfigurationException.class)
                .isThrownBy(() -> ManagerName.of(List.of(name)))
                .withMessageContaining("'" + name + "'")
                .satisfies(e -> assertThat(e.action()).contains("letter"));
    }

    @ParameterizedTest
    @CsvSource({"photoImages,photoimages", "photo-images,photoImages", "a-b,ab"})
    void refusesNamesThatPropertyBindingTakesForOne(String one, String other) {
        assertThatExceptionOfType(TaskManagerConfigurationException.class)
                .isThrownBy(() -> ManagerName.of(List.of(one, "unrelated", other)))
                .withMessageContaining("'" + one + "' and '" + other + "'")
                .satisfies(e -> assertThat(e.action()).contains("Rename one"));
    }
}
