package io.taskmanager.spring.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.web.PathMapper;

/** The links of the page are relative to its address, whatever the endpoints' paths are. */
class PageLinksTest {

    @ParameterizedTest
    @CsvSource({
        "taskmanagerui, taskmanager, taskmanagerui, taskmanager, durabletasks",
        "live, steer, live, steer, durabletasks",
        "ops/live, taskmanager, live, ../taskmanager, ../durabletasks",
        "ops/tasks/live, ops/tasks/steer, live, ../../ops/tasks/steer, ../../durabletasks"
    })
    void areRelative(String page, String endpoint, String base, String taskmanager, String durabletasks) {
        Map<String, String> paths =
                Map.of("taskmanagerui", page, "taskmanager", endpoint, "durabletasks", "durabletasks");
        List<PathMapper> mappers = List.of(id -> paths.get(id.toLowerCaseString()));

        assertThat(PageLinks.of(mappers, true, true)).isEqualTo(new PageLinks(base, taskmanager, durabletasks));
        assertThat(PageLinks.of(mappers, false, false)).isEqualTo(new PageLinks(base, "", ""));
    }
}
