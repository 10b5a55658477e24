package io.taskmanager.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What {@link Preload} says of the classes that it names. */
class PreloadTest {

    @Test
    void names_every_class_that_has_an_initializer() throws Exception {
        assertThat(Preload.CLASSES).containsExactlyInAnyOrderElementsOf(classesWith(Method::isInitializer));
    }

    /** But what a record says of itself. Fails without the build's step {@code plain-lambdas}. */
    @Test
    void no_code_is_left_to_the_JVM_to_make_at_its_first_use() throws Exception {
        assertThat(classesWith(Method::isLinked)).isEmpty();
    }

    private static List<String> classesWith(Predicate<Method> test) throws IOException, URISyntaxException {
        Path root = Path.of(TaskManagers.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve("io/taskmanager");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file ->
                            file.toString().endsWith(".class") && methods(file).anyMatch(test))
                    .map(file ->
                            root.relativize(file).toString().replace('/', '.').replaceFirst("\\.class$", ""))
                    .toList();
        }
    }

    private static Stream<Method> methods(Path file) {
        List<Method> methods = new ArrayList<>();
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
                                    Method method = new Method(name);
                                    methods.add(method);
                                    return method;
                                }
                            },
                            0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return methods.stream();
    }

    private static final class Method extends MethodVisitor {

        private final String name;
        private boolean linked;

        Method(String name) {
            super(Opcodes.ASM9);
            this.name = name;
        }

        boolean isInitializer() {
            return name.equals("<clinit>");
        }

        boolean isLinked() {
            return linked;
        }

        @Override
        public void visitInvokeDynamicInsn(String call, String type, Handle bootstrap, Object... arguments) {
            linked |= !bootstrap.getOwner().equals("java/lang/runtime/ObjectMethods");
        }
    }
}
