package io.taskmanager.sample.web;

import io.taskmanager.sample.imports.ImportFolder;
import io.taskmanager.sample.imports.ImportJob;
import io.taskmanager.sample.imports.ImportService;
import io.taskmanager.sample.imports.ImportStatus;
import io.taskmanager.sample.settings.PhotoProperties;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Imports over HTTP, of folders inside the configured root. */
@RestController
@RequestMapping("/imports")
final class ImportController {

    private final ImportService imports;
    private final Path root;

    ImportController(ImportService imports, PhotoProperties properties) {
        this.imports = imports;
        this.root = properties.importRoot();
    }

    @PostMapping
    ResponseEntity<ImportStatus> start(@RequestBody ImportRequest request) {
        String folder = request.folder();
        if (folder == null) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST,
                    "\"folder\" is missing; send {\"folder\": \"a folder of the import root\"}");
        }
        ImportJob job = imports.start(ImportFolder.within(root, folder));
        return ResponseEntity.accepted()
                .location(URI.create("/imports/" + job.id()))
                .body(job.status());
    }

    @GetMapping
    List<ImportStatus> list() {
        return imports.all().stream().map(ImportJob::status).toList();
    }

    @GetMapping("/{id}")
    ImportStatus show(@PathVariable String id) {
        return find(id).status();
    }

    /** Cancels it. What was submitted is still finished, so the answer may say that it is running. */
    @DeleteMapping("/{id}")
    ImportStatus cancel(@PathVariable String id) {
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
