package io.taskmanager.sample.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The demo over HTTP. It takes JSON alone, which no page of another origin can send unasked. */
@RestController
@RequestMapping("/demo")
@InDemo
final class DemoController {

    private final GeneratedImport photos;
    private final List<DemoAction> actions;

    DemoController(GeneratedImport photos, SlowDisk slowDisk, BrokenProcessors brokenProcessors) {
        this.photos = photos;
        this.actions = List.of(photos, slowDisk, brokenProcessors);
    }

    /** What is on, and for how long yet. */
    @GetMapping
    Map<String, DemoAction.State> show() {
        Map<String, DemoAction.State> states = new LinkedHashMap<>();
        actions.forEach(action -> states.put(action.name(), action.state()));
        return states;
    }

    /** Begins one. A fault that meets no photo would show nothing, so each begins an import too, unless one is under way. */
    @PostMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Map<String, DemoAction.State> begin(@PathVariable String name) {
        DemoAction action = find(name);
        if (!action.begin()) {
            throw new ResponseStatusException(
                    HttpStatus.CONFLICT, "\"" + name + "\" is on already, and ends by itself; GET /demo says when");
        }
        photos.begin();
        return show();
    }

    private DemoAction find(String name) {
        return actions.stream()
                .filter(action -> action.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ResponseStatusException(
                        HttpStatus.NOT_FOUND,
                        "the demo has no \"" + name + "\"; there are "
                                + actions.stream().map(DemoAction::name).toList()));
    }
}
