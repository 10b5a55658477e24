import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Run by the build on the compiled classes: makes a class of each lambda and each method reference, as the compiler does of an
 * anonymous class.
 *
 * <p>The JVM makes that class itself, where a lambda is used for the first time. If that is in a moment without memory the
 * lambda may be broken until the process ends: Java 25 turns the OutOfMemoryError into a BootstrapMethodError, and throws that
 * one again at each later use (JVMS 5.4.3). The class of an anonymous class that could not be loaded is just loaded at its next use.
 */
public final class PlainLambdas {

    private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";
    private static final String SUFFIX = "$$Lambda";

    private final Path root;
    /** What is written: the class file by its internal name. */
    private final Map<String, byte[]> written = new LinkedHashMap<>();
    /** By the host of a nest, the classes that are made for it: they call its private methods. */
    private final Map<String, List<String>> newMembers = new LinkedHashMap<>();

    private PlainLambdas(Path root) {
        this.root = root;
    }

    /** @param args the directory of the classes */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        PlainLambdas lambdas = new PlainLambdas(root);
        for (Path file : classFiles(root)) {
            lambdas.rewrite(new ClassReader(Files.readAllBytes(file)));
        }
        lambdas.write();
    }

    private static List<Path> classFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class")).sorted().toList();
        }
    }

    private void rewrite(ClassReader reader) {
        ClassWriter writer = new ClassWriter(0);
        Rewriter rewriter = new Rewriter(writer);
        reader.accept(rewriter, 0);
        if (rewriter.count > 0) {
            written.put(reader.getClassName(), writer.toByteArray());
        }
    }

    private void write() throws IOException {
        for (Map.Entry<String, List<String>> nest : newMembers.entrySet()) {
            String host = nest.getKey();
            byte[] bytes = written.containsKey(host) ? written.get(host) : Files.readAllBytes(file(host));
            written.put(host, withMembers(bytes, nest.getValue()));
        }
        for (Map.Entry<String, byte[]> entry : written.entrySet()) {
            Files.write(file(entry.getKey()), entry.getValue());
        }
    }

    private Path file(String internalName) {
        return root.resolve(internalName + ".class");
    }

    private static byte[] withMembers(byte[] bytes, List<String> members) {
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(bytes)
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public void visitNestMember(String member) {
                                if (!members.contains(member)) { // from an earlier run
                                    super.visitNestMember(member);
                                }
                            }

                            @Override
                            public void visitEnd() {
                                members.forEach(super::visitNestMember);
                                super.visitEnd();
                            }
                        },
                        0);
        return writer.toByteArray();
    }

    private final class Rewriter extends ClassVisitor {

        private int version;
        private String className;
        private String host;
        private String source;
        private int count;

        Rewriter(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visit(
                int version, int access, String name, String signature, String superName, String[] interfaces) {
            this.version = version;
            this.className = name;
            this.host = name;
            super.visit(version, access, name, signature, superName, interfaces);
        }

        @Override
        public void visitSource(String name, String debug) {
            source = name;
            super.visitSource(name, debug);
        }

        @Override
        public void visitNestHost(String name) {
            host = name;
            super.visitNestHost(name);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(
                    Opcodes.ASM9, super.visitMethod(access, name, descriptor, signature, exceptions)) {

                private int line;

                @Override
                public void visitLineNumber(int number, Label start) {
                    line = number;
                    super.visitLineNumber(number, start);
                }

                @Override
                public void visitInvokeDynamicInsn(
                        String method, String type, Handle bootstrap, Object... arguments) {
                    if (!bootstrap.getOwner().equals(METAFACTORY)) {
                        super.visitInvokeDynamicInsn(method, type, bootstrap, arguments);
                        return;
                    }
                    if (!bootstrap.getName().equals("metafactory")) {
                        throw new IllegalStateException(className + ":" + line + ": a lambda of more than one interface");
                    }
                    String made = className + SUFFIX + ++count;
                    Lambda lambda = new Lambda(
                            made,
                            type,
                            method,
                            (Type) arguments[0],
                            (Handle) arguments[1],
                            (Type) arguments[2],
                            line);
                    written.put(made, lambda.toClass(version, source, host));
                    newMembers.computeIfAbsent(host, any -> new ArrayList<>()).add(made);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, made, Lambda.FACTORY, type, false);
                }
            };
        }
    }

    /**
     * One lambda, by what the compiler has told the metafactory of it.
     *
     * @param factory takes what is captured, returns the interface
     * @param erased the method's type in the interface
     * @param code what is called: first with what is captured, then with what the method is
     * @param exact the method's type as the lambda has it
     */
    private record Lambda(String name, String factory, String method, Type erased, Handle code, Type exact, int line) {

        static final String FACTORY = "of";

        byte[] toClass(int version, String source, String host) {
            ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            writer.visit(
                    version,
                    Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
                    name,
                    null,
                    "java/lang/Object",
                    new String[] {Type.getReturnType(factory).getInternalName()});
            writer.visitSource(source, null);
            writer.visitNestHost(host);
            Type[] captured = Type.getArgumentTypes(factory);
            String constructor = Type.getMethodDescriptor(Type.VOID_TYPE, captured);
            for (int i = 0; i < captured.length; i++) {
                writer.visitField(
                        Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, "arg" + i, captured[i].getDescriptor(), null, null);
            }
            writeConstructor(begin(writer, Opcodes.ACC_PRIVATE, "<init>", constructor), captured);
            writeFactory(begin(writer, Opcodes.ACC_STATIC, FACTORY, factory), constructor, captured);
            writeMethod(begin(writer, Opcodes.ACC_PUBLIC, method, erased.getDescriptor()), captured);
            writer.visitEnd();
            return writer.toByteArray();
        }

        private MethodVisitor begin(ClassWriter writer, int access, String methodName, String descriptor) {
            MethodVisitor code = writer.visitMethod(access, methodName, descriptor, null, null);
            code.visitCode();
            Label start = new Label();
            code.visitLabel(start);
            code.visitLineNumber(line, start);
            return code;
        }

        private static void end(MethodVisitor to, int opcode) {
            to.visitInsn(opcode);
            to.visitMaxs(0, 0); // computed
            to.visitEnd();
        }

        private void writeConstructor(MethodVisitor to, Type[] captured) {
            to.visitVarInsn(Opcodes.ALOAD, 0);
            to.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
            int local = 1;
            for (int i = 0; i < captured.length; i++) {
                to.visitVarInsn(Opcodes.ALOAD, 0);
                to.visitVarInsn(captured[i].getOpcode(Opcodes.ILOAD), local);
                to.visitFieldInsn(Opcodes.PUTFIELD, name, "arg" + i, captured[i].getDescriptor());
                local += captured[i].getSize();
            }
            end(to, Opcodes.RETURN);
        }

        private void writeFactory(MethodVisitor to, String constructor, Type[] captured) {
            to.visitTypeInsn(Opcodes.NEW, name);
            to.visitInsn(Opcodes.DUP);
            int local = 0;
            for (Type type : captured) {
                to.visitVarInsn(type.getOpcode(Opcodes.ILOAD), local);
                local += type.getSize();
            }
            to.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", constructor, false);
            end(to, Opcodes.ARETURN);
        }

        private void writeMethod(MethodVisitor to, Type[] captured) {
            boolean makes = code.getTag() == Opcodes.H_NEWINVOKESPECIAL;
            boolean isStatic = code.getTag() == Opcodes.H_INVOKESTATIC;
            if (makes) {
                to.visitTypeInsn(Opcodes.NEW, code.getOwner());
                to.visitInsn(Opcodes.DUP);
            }
            List<Type> wanted = new ArrayList<>();
            if (!makes && !isStatic) {
                wanted.add(Type.getObjectType(code.getOwner()));
            }
            wanted.addAll(List.of(Type.getArgumentTypes(code.getDesc())));
            for (int i = 0; i < captured.length; i++) {
                to.visitVarInsn(Opcodes.ALOAD, 0);
                to.visitFieldInsn(Opcodes.GETFIELD, name, "arg" + i, captured[i].getDescriptor());
            }
            int local = 1;
            Type[] given = erased.getArgumentTypes();
            for (int i = 0; i < given.length; i++) {
                to.visitVarInsn(given[i].getOpcode(Opcodes.ILOAD), local);
                convert(to, given[i], exact.getArgumentTypes()[i]);
                convert(to, exact.getArgumentTypes()[i], wanted.get(captured.length + i));
                local += given[i].getSize();
            }
            to.visitMethodInsn(opcode(), code.getOwner(), code.getName(), code.getDesc(), code.isInterface());
            Type result = makes ? Type.getObjectType(code.getOwner()) : Type.getReturnType(code.getDesc());
            Type returned = erased.getReturnType();
            if (returned == Type.VOID_TYPE) {
                if (result != Type.VOID_TYPE) {
                    to.visitInsn(result.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
                }
            } else {
                convert(to, result, returned);
            }
            end(to, returned.getOpcode(Opcodes.IRETURN));
        }

        private int opcode() {
            return switch (code.getTag()) {
                case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
                case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
                case Opcodes.H_INVOKEINTERFACE -> Opcodes.INVOKEINTERFACE;
                case Opcodes.H_INVOKEVIRTUAL -> Opcodes.INVOKEVIRTUAL;
                // A private method, and this is another class of its nest.
                case Opcodes.H_INVOKESPECIAL -> code.isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
                default -> throw new IllegalStateException(name + " calls " + code);
            };
        }

        private void convert(MethodVisitor to, Type from, Type into) {
            if (from.equals(into)) {
                return;
            }
            boolean fromPrimitive = from.getSort() < Type.ARRAY;
            boolean intoPrimitive = into.getSort() < Type.ARRAY;
            if (fromPrimitive && intoPrimitive) {
                throw new IllegalStateException(name + " makes " + into + " of " + from + ": say it in the lambda");
            }
            if (fromPrimitive) {
                String box = boxOf(from);
                to.visitMethodInsn(
                        Opcodes.INVOKESTATIC, box, "valueOf", "(" + from.getDescriptor() + ")L" + box + ";", false);
            } else if (intoPrimitive) {
                String box = boxOf(into);
                to.visitTypeInsn(Opcodes.CHECKCAST, box);
                to.visitMethodInsn(
                        Opcodes.INVOKEVIRTUAL, box, into.getClassName() + "Value", "()" + into.getDescriptor(), false);
            } else if (!into.getInternalName().equals("java/lang/Object")) {
                to.visitTypeInsn(Opcodes.CHECKCAST, into.getInternalName());
            }
        }

        private static String boxOf(Type primitive) {
            return switch (primitive.getSort()) {
                case Type.BOOLEAN -> "java/lang/Boolean";
                case Type.INT -> "java/lang/Integer";
                case Type.LONG -> "java/lang/Long";
                case Type.DOUBLE -> "java/lang/Double";
                default -> throw new IllegalStateException("a lambda that takes or gives " + primitive);
            };
        }
    }
}
