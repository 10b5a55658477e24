package io.taskmanager.faults;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Writes calls of {@link Faults} into a class: before each allocation, and at the entry of each method. */
final class SiteWriter extends ClassVisitor {

    private static final String FAULTS = Type.getInternalName(Faults.class);
    private static final String LAMBDAS = "java/lang/invoke/LambdaMetafactory";
    /** Has its two values. */
    private static final String BOOLEAN = "java/lang/Boolean";

    private static final String STRINGS = "java/lang/invoke/StringConcatFactory";

    /**
     * Methods of the JDK that allocate whatever they are called on, or mostly: their own allocations can't be instrumented.
     * The locks are not among them. They allocate only where threads meet, and no program could unlock if locking failed.
     */
    private static final Set<String> ALLOCATING = Set.of(
            "add",
            "addAll",
            "addFirst",
            "addLast",
            "copyOf",
            "entrySet",
            "computeIfAbsent",
            "execute",
            "format",
            "iterator",
            "keySet",
            "map",
            "newCondition",
            "offer",
            "of",
            "ofNanos",
            "ofNullable",
            "push",
            "put",
            "putIfAbsent",
            "schedule",
            "scheduleAtFixedRate",
            "scheduleWithFixedDelay",
            "start",
            "stream",
            "toArray",
            "toList",
            "valueOf",
            "values",
            "whenComplete");

    /** What a frame that counts as one holds in variables; one that asks for room on the stack holds many times that. */
    private static final int USUAL_LOCALS = 20;

    private final Map<String, Integer> locals;
    private String className = "";

    private SiteWriter(ClassVisitor next, Map<String, Integer> locals) {
        super(Opcodes.ASM9, next);
        this.locals = locals;
    }

    /** Returns the class with its sites. */
    static byte[] rewrite(byte[] original) {
        ClassReader reader = new ClassReader(original);
        // A call of a static method that takes constants changes no frame, only the height of the stack.
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new SiteWriter(writer, localsOf(reader)), 0);
        return writer.toByteArray();
    }

    /** How many variables each method has. */
    private static Map<String, Integer> localsOf(ClassReader reader) {
        Map<String, Integer> locals = new HashMap<>();
        ClassVisitor counter = new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(
                    int access, String name, String descriptor, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitMaxs(int maxStack, int maxLocals) {
                        locals.put(name + descriptor, maxLocals);
                    }
                };
            }
        };
        reader.accept(counter, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return locals;
    }

    @Override
    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
        className = name.substring(name.lastIndexOf('/') + 1);
        super.visit(version, access, name, signature, superName, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
        // A class whose initializer fails is lost to its process: nothing that an engine could mend.
        return name.equals("<clinit>") ? next : new MethodSites(next, name, locals.getOrDefault(name + descriptor, 0));
    }

    private final class MethodSites extends MethodVisitor {

        private final String method;
        private final int frames;
        private int line;

        MethodSites(MethodVisitor next, String method, int locals) {
            super(Opcodes.ASM9, next);
            this.method = method;
            this.frames = locals / USUAL_LOCALS;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            // A constructor may call a static method before super(), but its object is lost anyway where it fails.
            if (!method.equals("<init>")) {
                enter();
            }
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            super.visitMaxs(maxStack + 2, maxLocals); // what the hooks take
        }

        @Override
        public void visitLineNumber(int number, Label start) {
            line = number;
            super.visitLineNumber(number, start);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            if (opcode == Opcodes.ANEWARRAY) {
                allocate();
            }
            super.visitTypeInsn(opcode, type);
            if (opcode == Opcodes.NEW) {
                allocate(); // after it, since frames name an object without constructor by the place of its NEW
            }
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            if (opcode == Opcodes.NEWARRAY) {
                allocate();
            }
            super.visitIntInsn(opcode, operand);
        }

        @Override
        public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
            allocate();
            super.visitMultiANewArrayInsn(descriptor, dimensions);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            boolean captures = bootstrap.getOwner().equals(LAMBDAS) && !descriptor.startsWith("()");
            if (captures || bootstrap.getOwner().equals(STRINGS)) {
                allocate();
            }
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (owner.startsWith("java/") && ALLOCATING.contains(name) && !owner.equals(BOOLEAN)) {
                allocate();
            }
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        }

        private void enter() {
            super.visitLdcInsn(Faults.newSite(className + "." + method));
            if (frames == 0) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, FAULTS, "entering", "(I)V", false);
            } else {
                super.visitLdcInsn(frames);
                super.visitMethodInsn(Opcodes.INVOKESTATIC, FAULTS, "enteringDeep", "(II)V", false);
            }
        }

        private void allocate() {
            super.visitLdcInsn(Faults.newSite(className + "." + method + ":" + line));
            super.visitMethodInsn(Opcodes.INVOKESTATIC, FAULTS, "allocating", "(I)V", false);
        }
    }
}
