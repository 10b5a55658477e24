package io.taskmanager.spring.readme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A page of the documentation, and the examples on it. */
record Page(Path file) {

    static final Page README = new Page(Path.of("../README.md"));
    static final Page USAGE = new Page(Path.of("../docs/usage.md"));
    static final Page MIGRATION = new Page(Path.of("../docs/migration.md"));
    static final Page TESTING = new Page(Path.of("../docs/testing.md"));
    static final Page DURABLE = new Page(Path.of("../docs/durable.md"));
    static final Page RECIPES = new Page(Path.of("../docs/recipes.md"));

    String text() {
        return read(file);
    }

    /** The blocks that are marked as of that language. */
    List<String> blocks(String language) {
        return Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(text())
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
