package io.taskmanager.sample.web;

import io.taskmanager.sample.imports.DurableImports;
import io.taskmanager.sample.imports.ImportFolder;
import io.taskmanager.sample.imports.ImportJob;
import io.taskmanager.sample.imports.ImportService;
import io.taskmanager.sample.imports.ImportStatus;
import io.taskmanager.sample.settings.PhotoProperties;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Imports over HTTP, of folders inside the configured root. */
@RestController
@RequestMapping("/imports")
final class ImportController {

    private final ImportService imports;
    private final ObjectProvider<DurableImports> durableImports;
    private final Path root;

    ImportController(ImportService imports, ObjectProvider<DurableImports> durableImports, PhotoProperties properties) {
        this.imports = imports;
        this.durableImports = durableImports;
        this.root = properties.importRoot();
    }

    /** With {@code durable=true} whatever runs on the same database goes on with it after a kill. */
    @PostMapping
    ResponseEntity<?> start(@RequestBody ImportRequest request, @RequestParam(defaultValue = "false") boolean durable) {
        String folder = request.folder();
        if (folder == null) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST,
                    "\"folder\" is missing; send {\"folder\": \"a folder of the import root\"}");
        }
        ImportFolder found = ImportFolder.within(root, folder);
        if (durable) {
            String id = durable().start(found).toString();
            return accepted(id, durable().find(id));
        }
        ImportJob job = imports.start(found);
        return accepted(job.id(), Optional.of(job.status()));
    }

    private DurableImports durable() {
        return durableImports.stream()
                .findFirst()
                .orElseThrow(
                        () -> new ResponseStatusException(
                                HttpStatus.NOT_IMPLEMENTED,
                                "there are no durable imports here; start the service with --taskmanager.durable.enabled=true"));
    }

    private static ResponseEntity<?> accepted(String id, Optional<?> status) {
        return ResponseEntity.accepted().location(URI.create("/imports/" + id)).body(status.orElseThrow());
    }

    @GetMapping
    List<ImportStatus> list() {
        return imports.all().stream().map(ImportJob::status).toList();
    }

    @GetMapping("/{id}")
    Object show(@PathVariable String id) {
        return durableImports.stream()
                .flatMap(durable -> durable.find(id).<Object>map(status -> status).stream())
                .findFirst()
                .orElseGet(() -> find(id).status());
    }

    /** Cancels it. What was submitted is still finished, so the answer may say that it is running. */
    @DeleteMapping("/{id}")
    Object cancel(@PathVariable String id) {
        Optional<?> durable = durableImports.stream()
                .flatMap(some -> some.cancel(id).stream())
                .findFirst();
        if (durable.isPresent()) {
            return durable.get();
        }
        ImportJob job = find(id);
        imports.cancel(job);
        return job.status();
    }

    private ImportJob find(String id) {
        return imports.find(id)
                .orElseThrow(() -> new ResponseStatusException(
                        HttpStatus.NOT_FOUND, "there is no import with the id \"" + id + "\""));
    }

    /**
     * What to import.
     *
     * @param folder inside the import root: relative to it, or absolute
     */
    record ImportRequest(@Nullable String folder) {}
}
