package io.taskmanager.sample.cli;

import io.taskmanager.TaskManager;
import io.taskmanager.sample.catalog.CatalogSession;
import io.taskmanager.sample.catalog.CatalogSessionFactory;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.sample.image.ImageProcessorFactory;
import io.taskmanager.sample.imports.ImportFolder;
import io.taskmanager.sample.imports.ImportFolderException;
import io.taskmanager.sample.imports.ImportJob;
import io.taskmanager.sample.imports.ImportService;
import io.taskmanager.sample.imports.ImportStatus;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** {@code --import=FOLDER}: imports a folder, shows how it goes, and tells by the exit code how it went. */
@Component
@Profile(ImportCommand.OPTION)
public final class ImportCommand implements ApplicationRunner, ExitCodeGenerator {

    /** The option's name, and that of the profile that goes with it. */
    public static final String OPTION = "import";

    private static final Duration GLANCE = Duration.ofMillis(200);

    private final String folder;
    private final ImportService imports;
    private final TaskManager<ImageProcessor, Object> images;
    private final TaskManager<CatalogSession, Object> catalog;
    private final ImageProcessorFactory processors;
    private final CatalogSessionFactory sessions;
    private final PrintStream out = System.out;
    private int exitCode = 1;

    ImportCommand(
            @Value("${" + OPTION + "}") String folder,
            ImportService imports,
            TaskManager<ImageProcessor, Object> images,
            TaskManager<CatalogSession, Object> catalog,
            ImageProcessorFactory processors,
            CatalogSessionFactory sessions) {
        this.folder = folder;
        this.imports = imports;
        this.images = images;
        this.catalog = catalog;
        this.processors = processors;
        this.sessions = sessions;
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        if (folder.isBlank()) {
            out.println("--import is empty; name the folder: --import=FOLDER");
            return;
        }
        try {
            importFrom(ImportFolder.chosen(Path.of(folder)));
        } catch (ImportFolderException e) {
            out.println("--import=" + folder + ": " + e.getMessage());
        }
    }

    private void importFrom(ImportFolder chosen) throws InterruptedException {
        out.println("importing " + chosen.path());
        ImportJob job = imports.start(chosen);
        ProgressBar progress = new ProgressBar(out, Terminal.isThere());
        while (!job.await(GLANCE)) {
            progress.show(job.status());
        }
        progress.end(job.status());
        summarize(job.status());
    }

    private void summarize(ImportStatus status) {
        list("skipped", status.skips(), status.skipped());
        list("failed", status.failures(), status.failed());
        if (status.fault() != null) {
            out.println("broken: " + status.fault());
        }
        out.println(status.summary() + "; heap at most " + HeapPeak.megabytes() + " MB");
        out.println(ManagerReport.of(images, processors));
        out.println(ManagerReport.of(catalog, sessions));
        exitCode = status.state() == ImportStatus.State.DONE && status.failed() == 0 ? 0 : 1;
    }

    private void list(String what, List<ImportStatus.Left> left, long all) {
        left.forEach(each -> out.println(what + ": " + each.file() + ": " + each.reason()));
        if (all > left.size()) {
            out.println(what + ": and " + (all - left.size()) + " more");
        }
    }

    @Override
    public int getExitCode() {
        return exitCode;
    }
}
