package com.example.browser;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

final class Profiles {

    /** Kills the drivers and browsers that have a file below this folder, with all that they started, and deletes it. */
    static void delete(Path folder) throws InterruptedException {
        for (var left = users(folder); !left.isEmpty() || Files.exists(folder); left = users(folder)) {
            left.forEach(ProcessHandle::destroyForcibly);
            FileSystemUtils.deleteRecursively(folder.toFile());
            Thread.sleep(10);
        }
    }

    private static List<ProcessHandle> users(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").contains("/chrom"))
                .filter(process -> process.info().commandLine().orElse("").contains("=" + folder))
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .toList();
    }
}
