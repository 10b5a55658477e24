package io.taskmanager.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What {@link Preload} says of the classes that it names. */
class PreloadTest {

    @Test
    void names_every_class_that_has_an_initializer() throws Exception {
        assertThat(Preload.CLASSES).containsExactlyInAnyOrderElementsOf(classesWithInitializer());
    }

    private static List<String> classesWithInitializer() throws IOException, URISyntaxException {
        Path root = Path.of(TaskManagers.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve("io/taskmanager");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class") && hasInitializer(file))
                    .map(file ->
                            root.relativize(file).toString().replace('/', '.').replaceFirst("\\.class$", ""))
                    .toList();
        }
    }

    private static boolean hasInitializer(Path file) {
        boolean[] found = new boolean[1];
        try {
            new ClassReader(Files.readAllBytes(file))
                    .accept(
                            new ClassVisitor(Opcodes.ASM9) {
                                @Override
                                public MethodVisitor visitMethod(
                                        int access,
                                        String name,
                                        String descriptor,
                                        String signature,
                                        String[] exceptions) {
                                    found[0] |= name.equals("<clinit>");
                                    return null;
                                }
                            },
                            ClassReader.SKIP_CODE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return found[0];
    }
}
